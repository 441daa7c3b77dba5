/**
 * The TornadoVM engine: surfaces, Jacobians and Levenberg-Marquardt steps on a device.
 *
 * <p>{@code KernelMaker} makes what runs on the device, from schedules of formulas by {@code
 * EvaluationEmitter} and {@code StepEmitter}, over arrays laid out as {@code DeviceLayout} says;
 * {@code DevicePlan} holds the task graphs; {@code PlanPool} keeps compiled plans and fits them to
 * the device memory. {@code ResidentRun} hands problems to the device and takes answers, {@code
 * PlainEvaluator} serves a solver on the host. {@link org.farfit.kernels.TornadoEngineProvider}
 * finds devices and says why one cannot be used.
 */
package org.farfit.kernels;
