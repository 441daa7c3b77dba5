package org.farfit.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.farfit.solver.ProgressListener;

/**
 * A progress bar on standard error, shown only for work that has lasted a second, and only where
 * standard error is a terminal. The launcher tells which it is, since Java cannot ask.
 */
final class Progress implements ProgressListener, AutoCloseable {

  /** System property that the launcher sets to true if standard error is a terminal. */
  static final String TERMINAL_PROPERTY = "farfit.terminal";

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String task;
  private final long patienceNanos;
  private final boolean visible =
      Boolean.getBoolean(TERMINAL_PROPERTY) && !Verbosity.QUIET.orElse(false);
  private final Optional<Host> host = Host.current();
  private final long start = System.nanoTime();
  private ProgressBar bar;

  Progress(String task) {
    this(task, PATIENCE_NANOS);
  }

  /** A bar that is shown for work that has lasted so long. */
  Progress(String task, long patienceNanos) {
    this.task = task;
    this.patienceNanos = patienceNanos;
  }

  @Override
  public void done(int done, int total) {
    if (host.isPresent()) {
      host.get().progress().done(task, done, total);
    } else if (visible && System.nanoTime() - start > patienceNanos) {
      show(done, total);
    }
  }

  private synchronized void show(int done, int total) {
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(total)
              // The time left is estimated from what is done while the bar is there.
              .startsFrom(done, Duration.ofNanos(System.nanoTime() - start))
              .setStyle(ProgressBarStyle.ASCII)
              .showSpeed()
              .setUpdateIntervalMillis(200)
              // Not the process's own descriptor, which the launcher may lead through a filter of
              // lines.
              .setConsumer(new ConsoleProgressBarConsumer(System.err))
              .build();
    }
    bar.maxHint(total);
    // Threads report out of order.
    if (done > bar.getCurrent()) {
      bar.stepTo(done);
    }
  }

  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
