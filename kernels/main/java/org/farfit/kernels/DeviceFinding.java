package org.farfit.kernels;

/**
 * One thing that was compared and timed.
 *
 * @param what in words
 * @param problems how many problems the device solved or evaluated
 * @param difference the largest relative difference from the host
 * @param allowed the largest that counts as agreement
 * @param seconds how long the device took
 * @param steps evaluations that it made; 0 if it was not timed
 * @param hostStepsPerSecond the rate of the host's vector engine, or 0
 * @param predicted steps per second by the performance model, or 0 where it says nothing
 * @param hostNanos processor time of the host's thread per problem and step, or 0 if not taken
 * @param hostNanosWithoutPause the same of what the host does where it need not wait for the
 *     device: for 16,384 problems that end after a step, over the steps that whole fits take; or 0
 */
record DeviceFinding(
    String what,
    long problems,
    double difference,
    double allowed,
    double seconds,
    long steps,
    double hostStepsPerSecond,
    double predicted,
    double hostNanos,
    double hostNanosWithoutPause) {

  /** Something that was compared and not timed. */
  static DeviceFinding of(String what, long problems, double difference, double allowed) {
    return new DeviceFinding(what, problems, difference, allowed, 0, 0, 0, 0, 0, 0);
  }

  boolean agrees() {
    return difference <= allowed;
  }

  double stepsPerSecond() {
    return seconds > 0 ? steps / seconds : 0;
  }

  String line() {
    String speed =
        steps == 0
            ? ""
            : ", %.3g steps/s%s"
                .formatted(
                    stepsPerSecond(),
                    hostStepsPerSecond > 0
                        ? ", %.3g of the host's".formatted(stepsPerSecond() / hostStepsPerSecond)
                        : "");
    return "%s: %d problems, %s (largest difference %.2g)%s"
        .formatted(what, problems, agrees() ? "agrees" : "DISAGREES", difference, speed);
  }
}
