package org.farfit.sweep;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.SynchronousQueue;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The rows of a running sweep as a stream: a thread runs the sweep and waits for its reader, so
 * that no more than a shard is held between them.
 */
final class RowStream implements Iterator<SweepRow> {

  /** What the sweep's thread hands over: rows, and at the end how it ended. */
  private record Message(List<SweepRow> rows, boolean last, Throwable failure) {}

  private final BlockingQueue<Message> messages = new SynchronousQueue<>();
  private final Thread sweep;
  private Iterator<SweepRow> rows = List.<SweepRow>of().iterator();
  private boolean ended;

  private RowStream(SweepExecutor executor, SweepSpec spec) {
    SweepPlan plan = new SweepPlan(spec);
    this.sweep =
        Thread.ofPlatform()
            .name("farfit-sweep")
            .daemon()
            .start(() -> {
              Throwable failure = null;
              try {
                executor.run(
                    plan,
                    plan.allShards(),
                    (shard, found) -> hand(new Message(found, false, null)));
              } catch (RuntimeException | Error e) {
                failure = e;
              }
              try {
                messages.put(new Message(List.of(), true, failure));
              } catch (InterruptedException e) {
                // Closed: nobody waits any more.
                Thread.currentThread().interrupt();
              }
            });
  }

  static Stream<SweepRow> open(SweepExecutor executor, SweepSpec spec) {
    RowStream rows = new RowStream(executor, spec);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(
                rows, Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE),
            false)
        .onClose(rows::cancel);
  }

  private void hand(Message message) {
    try {
      messages.put(message);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("sweep cancelled");
    }
  }

  private void cancel() {
    ended = true;
    sweep.interrupt();
  }

  @Override
  public boolean hasNext() {
    while (!ended && !rows.hasNext()) {
      take();
    }
    return rows.hasNext();
  }

  private void take() {
    try {
      Message message = messages.take();
      rows = message.rows().iterator();
      ended = message.last();
      switch (message.failure()) {
        case null -> {}
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        default -> throw new IllegalStateException(message.failure());
      }
    } catch (InterruptedException e) {
      cancel();
      Thread.currentThread().interrupt();
      throw new CancellationException("sweep interrupted");
    }
  }

  @Override
  public SweepRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return rows.next();
  }
}
