package org.farfit.solver;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Work on several threads of its own, which end with it. */
public final class Parallel {

  private Parallel() {}

  /**
   * Runs a body once for each number below a count, in any order.
   *
   * @param threads how many threads may be used, at least 1
   * @param body must not depend on the order, and must be thread-safe
   * @throws CancellationException if the calling thread is interrupted; the rest is not run
   */
  public static void forEach(int count, int threads, IntConsumer body) {
    AtomicInteger next = new AtomicInteger();
    int used = Math.clamp(count, 1, threads);
    run(
        used,
        () -> {
          for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            if (Thread.currentThread().isInterrupted()) {
              return;
            }
            body.accept(i);
          }
        });
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("interrupted");
    }
  }

  /**
   * Makes a thing for each number below a count, in any order.
   *
   * @param threads how many threads may be used, at least 1
   * @param progress told of each that is done, by the thread that made it
   * @param each must not depend on the order, and must be thread-safe
   * @return what was made, in order
   * @throws CancellationException if the calling thread is interrupted; the rest is not made
   */
  public static <T> List<T> map(
      int count, int threads, ProgressListener progress, IntFunction<T> each) {
    AtomicReferenceArray<T> made = new AtomicReferenceArray<>(count);
    AtomicInteger done = new AtomicInteger();
    forEach(
        count,
        threads,
        i -> {
          made.set(i, each.apply(i));
          progress.done(done.incrementAndGet(), count);
        });
    return IntStream.range(0, count).mapToObj(made::get).toList();
  }

  /**
   * Makes things one after the other on the calling thread, and goes on with each on another one
   * while the next is made.
   *
   * @param threads how many threads may be used; if it is one, nothing is done at the same time
   * @param first makes thing i
   * @param then what becomes of it; must be thread-safe
   * @return what became of each, in order
   * @throws CancellationException if the calling thread is interrupted
   */
  public static <A, B> List<B> inTwoSteps(
      int count, int threads, IntFunction<A> first, Function<A, B> then) {
    List<B> done = new ArrayList<>();
    if (threads == 1 || count == 1) {
      for (int i = 0; i < count; i++) {
        done.add(then.apply(first.apply(i)));
      }
      return done;
    }
    ExecutorService executor =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("farfit-then").daemon().factory());
    try {
      List<Future<B>> running = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        A made = first.apply(i);
        running.add(executor.submit(() -> then.apply(made)));
      }
      for (Future<B> future : running) {
        done.add(future.get());
      }
      return done;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    } finally {
      executor.shutdownNow();
      executor.close();
    }
  }

  /** Runs a body on each of several threads; if one is enough, on the calling one. */
  static void run(int threads, Runnable body) {
    if (threads == 1) {
      body.run();
      return;
    }
    ExecutorService executor =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().name("farfit-", 0).daemon().factory());
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(executor.submit(body));
      }
      for (Future<?> future : running) {
        future.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    } finally {
      executor.shutdownNow();
      executor.close();
    }
  }

  private static RuntimeException rethrown(Throwable cause) {
    return switch (cause) {
      case RuntimeException runtime -> runtime;
      case Error error -> throw error;
      default -> new IllegalStateException(cause);
    };
  }
}
