import java.util.Arrays;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.sweep.LocalSweep;
import org.farfit.sweep.SweepPlan;
import org.farfit.sweep.SweepSpec;

/** A sweep: every law on every hold-out of a file of runs. */
class ManyFits {

  public static void main(String[] args) {
    SweepSpec spec =
        SweepSpec.of(args[0])
            .laws("chinchilla", "skaling", "farseer")
            .holdouts("none", "top:0.25", "edge")
            .build();
    SweepPlan plan = new SweepPlan(spec);
    Engine engine = Engines.open("auto");
    try (LocalSweep sweep =
        LocalSweep.closing(engine, Runtime.getRuntime().availableProcessors())) {
      int[] shards = new int[plan.shardCount()];
      Arrays.setAll(shards, i -> i);
      sweep.run(
          plan,
          shards,
          (shard, rows) ->
              rows.forEach(row ->
                  System.out.printf(
                      "%-10s %-10s %-4s %.3f%%%n",
                      row.key().law(),
                      row.key().holdout(),
                      row.key().split(),
                      row.result().mape())));
    }
  }
}
