package org.farfit.sweep;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Neighbouring groups of a sweep, which are done and stored together.
 *
 * @param groups in the order of the sweep
 */
record SweepShard(List<SweepGroup> groups) {

  /** Shards per sweep: enough to keep workers busy and to lose little. */
  private static final int SHARDS = 64;

  private static final int MOST_GROUPS = 256;

  /** Divides a sweep. */
  static List<SweepShard> of(List<SweepGroup> groups) {
    int size = Math.clamp(groups.size() / SHARDS, 1, MOST_GROUPS);
    List<SweepShard> shards = new ArrayList<>();
    for (int from = 0; from < groups.size(); from += size) {
      shards.add(
          new SweepShard(List.copyOf(groups.subList(from, Math.min(from + size, groups.size())))));
    }
    return shards;
  }

  /** Stable identifier: of the same groups, the same. */
  String id() {
    String ids = groups.stream().map(SweepGroup::id).collect(Collectors.joining());
    return UUID.nameUUIDFromBytes(ids.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
