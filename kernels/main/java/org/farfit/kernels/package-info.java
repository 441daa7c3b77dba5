/**
 * The TornadoVM engine: surfaces, Jacobians and Levenberg-Marquardt steps on a device.
 *
 * <p>{@code SurfaceKernels} and {@code StepKernel} are what runs on the device, over arrays laid
 * out as {@code DeviceLayout} says; {@code DevicePlan} holds the task graphs; {@code PlanPool}
 * keeps compiled plans and fits them to the device memory. {@code ResidentBlock} iterates on the
 * device, {@code PlainEvaluator} serves a solver on the host. {@link
 * org.farfit.kernels.TornadoEngineProvider} finds devices and says why one cannot be used.
 */
package org.farfit.kernels;
