/* Loaded before Oclgrind: says of its device, which is of every type at once, that it is a GPU.
   TornadoVM knows no device of several types. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

#define CL_DEVICE_TYPE 0x1000
#define CL_DEVICE_TYPE_GPU 4

typedef int32_t (*get_device_info)(void *, uint32_t, size_t, void *, size_t *);

int32_t clGetDeviceInfo(void *device, uint32_t name, size_t size, void *value, size_t *returned) {
  get_device_info next = (get_device_info)dlsym(RTLD_NEXT, "clGetDeviceInfo");
  int32_t error = next(device, name, size, value, returned);
  if (error == 0 && name == CL_DEVICE_TYPE && value != NULL && size >= sizeof(uint64_t)) {
    *(uint64_t *)value = CL_DEVICE_TYPE_GPU;
  }
  return error;
}
