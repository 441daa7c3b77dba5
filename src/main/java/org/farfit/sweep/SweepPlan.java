package org.farfit.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.farfit.data.InputLimits;
import org.farfit.fit.bootstrap.BootstrapOptions;

/**
 * The tasks of a sweep in their order, without holding them: the product of the axes, less what is
 * excluded, then what is included besides; divided into shards, which depend on the specification
 * alone. Immutable.
 */
public final class SweepPlan {

  /** Shards per sweep: enough to keep workers busy and to lose little. */
  private static final int SHARDS = 64;

  /** Combinations per shard: their rows are held until it is complete. */
  private static final int MOST_COMBINATIONS = 1024;

  /** Problems per shard: a minute or two on one core, far more than any device takes at once. */
  private static final int MOST_PROBLEMS = 1 << 18;

  private final SweepSpec spec;
  private final List<SweepAxes> products;
  private final List<Range> ranges;

  /** Some combinations of a product. */
  private record Range(int product, long from, long to) {}

  /** The plan of a sweep. */
  public SweepPlan(SweepSpec spec) {
    this.spec = spec;
    this.products = new ArrayList<>();
    this.ranges = new ArrayList<>();
    products.add(spec.axes());
    spec.include().forEach(combination -> products.add(combination.or(spec.axes())));
    long all = products.stream().mapToLong(SweepPlan::size).sum();
    long each = spec.starts() + (long) spec.bootstrap() * (1 + BootstrapOptions.DEFAULT_RESTARTS);
    long most = Math.clamp(MOST_PROBLEMS / each, 1, MOST_COMBINATIONS);
    for (int i = 0; i < products.size(); i++) {
      SweepAxes product = products.get(i);
      int batch = product.holdouts().size();
      // Whole batches.
      long size = Math.max(1, Math.clamp(all / SHARDS, 1, most) / batch) * batch;
      for (long from = 0; from < size(product); from += size) {
        ranges.add(new Range(i, from, Math.min(size(product), from + size)));
      }
    }
  }

  private static long size(SweepAxes product) {
    return product.size(InputLimits.COMBINATIONS);
  }

  /** What is planned. */
  public SweepSpec spec() {
    return spec;
  }

  /** How many shards there are; some may have no task. */
  public int shardCount() {
    return ranges.size();
  }

  /** The numbers of all shards. */
  int[] allShards() {
    return IntStream.range(0, shardCount()).toArray();
  }

  /** A shard with its tasks. */
  public SweepShard shard(int index) {
    Range range = ranges.get(index);
    List<SweepTask> tasks = new ArrayList<>();
    for (long position = range.from(); position < range.to(); position++) {
      task(range.product(), position).ifPresent(tasks::add);
    }
    return new SweepShard(tasks);
  }

  /** Every task, in order. */
  public Stream<SweepTask> tasks() {
    return IntStream.range(0, shardCount()).boxed().flatMap(i -> shard(i).tasks().stream());
  }

  private Optional<SweepTask> task(int product, long position) {
    SweepTask task = products.get(product).task(position, spec);
    boolean known = IntStream.range(0, product).anyMatch(earlier -> has(earlier, task));
    return task.isDefined() && !known && !isExcluded(product, task)
        ? Optional.of(task)
        : Optional.empty();
  }

  private boolean has(int product, SweepTask task) {
    return products.get(product).contains(task) && !isExcluded(product, task);
  }

  private boolean isExcluded(int product, SweepTask task) {
    return product == 0 && spec.exclude().stream().anyMatch(each -> each.contains(task));
  }
}
