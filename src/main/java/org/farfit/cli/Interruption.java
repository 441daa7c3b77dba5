package org.farfit.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Gives work that Ctrl-C interrupts the time to put away what is done: the working thread is
 * interrupted, and the process ends once it is closed. Work for another program is ended by that
 * program or with it, and then is not waited for.
 */
final class Interruption implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 20;

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook;

  Interruption() {
    Thread worker = Thread.currentThread();
    hook =
        new Thread(
            () -> {
              worker.interrupt();
              try {
                if (!closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                  System.err.println("farfit: gave up waiting for the work to stop");
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "farfit-interruption");
    if (Host.current().isEmpty()) {
      Runtime.getRuntime().addShutdownHook(hook);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: the hook is what waits for this.
    }
  }
}
