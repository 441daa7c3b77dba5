package org.farfit.kernels.made;

/**
 * Stands where the classes that {@code KernelMaker} makes at run time would be. TornadoVM looks for
 * annotations of a kernel in the class file that the system class loader has under its class's
 * name, so there must be one; made classes all have this name, in class loaders of their own.
 */
public final class MadeKernel {

  private MadeKernel() {}
}
