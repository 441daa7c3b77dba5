package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.farfit.engine.Calibration;
import org.farfit.engine.Engine;
import org.farfit.engine.EngineProvider;
import org.farfit.engine.Evaluator;
import org.farfit.engine.FormulaProblem;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.scalar.ScalarEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines that auto takes because they were measured: for enough work, and only then. */
class MeasuredEngineTest {

  /** Stands for a device that takes a second to start and makes good for it at 1,000 units. */
  public static final class Provider implements EngineProvider {

    @Override
    public String name() {
      return "measured";
    }

    @Override
    public int preference() {
      return -5;
    }

    @Override
    public Optional<String> unavailable() {
      return Optional.empty();
    }

    @Override
    public List<String> devices() {
      return List.of("a device");
    }

    @Override
    public Optional<Calibration> calibration() {
      return Optional.of(new Calibration(1, 2000, 2000.0 / 3));
    }

    @Override
    public Optional<String> unweighed() {
      return Optional.of("a reason");
    }

    @Override
    public Engine open(String device) {
      return new Engine() {
        @Override
        public String name() {
          return "measured";
        }

        @Override
        public String device() {
          return "a device";
        }

        @Override
        public int concurrency(int threads) {
          return 1;
        }

        @Override
        public int preferredBatch() {
          return 64;
        }

        @Override
        public Evaluator dataEvaluator(SurfaceProblem problem) {
          return new ScalarEngine().dataEvaluator(problem);
        }

        @Override
        public Evaluator formulaDataEvaluator(FormulaProblem problem) {
          return new ScalarEngine().formulaDataEvaluator(problem);
        }
      };
    }
  }

  private static String said(Path folder, String... arguments) throws Exception {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(
        services.resolve("org.farfit.engine.EngineProvider"), Provider.class.getName());
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader more = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
      Thread.currentThread().setContextClassLoader(more);
      CommandRun run = CommandRun.of(arguments);
      assertThat(run.exitCode()).as(run.log()).isZero();
      return run.log() + run.output();
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  /** 345 runs: two starts are less than 1,000, eight are more. */
  @Test
  void autoTakesAnEngineWhereItWasMeasuredToBeFaster(@TempDir Path folder) throws Exception {
    assertThat(said(folder, "fit", "--law", "chinchilla", "--starts", "2"))
        .doesNotContain("engine: measured");
    assertThat(said(folder, "fit", "--law", "chinchilla", "--starts", "8"))
        .contains(
            "engine: measured (a device); auto takes it, measured to be faster for work like this:"
                + " about 2.4 s instead of 4.1 s");
    assertThat(said(folder, "fit", "--law", "chinchilla", "--starts", "2", "--bootstrap", "20"))
        .contains("engine: measured");
    String formula = "E + A*N^-alpha + B*D^-beta";
    assertThat(said(folder, "fit", "--law", formula, "--starts", "8"))
        .doesNotContain("engine: measured");
    assertThat(said(folder, "fit", "--law", "chinchilla", "--starts", "8", "--engine", "scalar"))
        .contains("engine: scalar");
  }

  /** 25 points are less than a fit in evaluations, and 25 where each is fitted. */
  @Test
  void pointsThatAreOnlyEvaluatedCountAsLittle(@TempDir Path folder) throws Exception {
    String[] scan = {
      "scan", "--law", "chinchilla", "--starts", "1", "--vary", "alpha=0.3:0.4:5,beta=0.2:0.3:5"
    };
    assertThat(said(folder, scan)).doesNotContain("engine: measured");
    String[] profile = Arrays.copyOf(scan, scan.length + 1);
    profile[scan.length] = "--profile";
    assertThat(said(folder, profile)).contains("engine: measured");
  }

  @Test
  void whatWasMeasuredIsListed(@TempDir Path folder) throws Exception {
    assertThat(said(folder, "engines"))
        .contains(
            "a device; auto takes it from 1.0e+03 runs x problems (3.0 times the processor's",
            "; a reason");
    assertThat(said(folder, "engines", "--json"))
        .contains(
            "\"startSeconds\" : 1.0",
            "\"rate\" : 2000.0",
            "\"unweighed\" : \"a reason\"",
            "\"unweighed\" : null");
  }
}
