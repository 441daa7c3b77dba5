import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.farfit.engine.Engines;
import org.farfit.fit.bootstrap.Resampling;
import org.farfit.solver.ProgressListener;
import org.farfit.sweep.ClusterProvider;
import org.farfit.sweep.LocalSweep;
import org.farfit.sweep.SweepExecutor;
import org.farfit.sweep.SweepFile;
import org.farfit.sweep.SweepResults;
import org.farfit.sweep.SweepRow;
import org.farfit.sweep.SweepSpec;

/**
 * Seconds that an executor takes for a sweep once it is warm: the same sweep with few replicates
 * goes first, in which workers start and JVMs compile. Arguments: the specification, a folder, and
 * {@code threads:COUNT} or the URL of a cluster.
 */
class Throughput {

  private static final int WARMING_REPLICATES = 8;

  static void main(String[] arguments) {
    SweepSpec sweep = SweepFile.read(Path.of(arguments[0]));
    Path folder = Path.of(arguments[1]);
    String where = arguments[2];
    try (SweepExecutor executor =
        where.startsWith("threads:")
            ? new LocalSweep(Engines.open("auto"), Integer.parseInt(where.substring(8)))
            : ClusterProvider.installed().open(where, "auto", Map.of())) {
      SweepSpec few = sweep.but().bootstrap(WARMING_REPLICATES, Resampling.PAIRS).build();
      List<SweepRow> warming = new ArrayList<>();
      executor.run(few, warming::add);
      long start = System.nanoTime();
      SweepResults.write(
          folder.resolve("table.csv"),
          SweepResults.Format.CSV,
          executor.run(sweep, folder.resolve("parts"), false, ProgressListener.NONE));
      System.out.printf("%.2f%n", 1e-9 * (System.nanoTime() - start));
    }
  }
}
