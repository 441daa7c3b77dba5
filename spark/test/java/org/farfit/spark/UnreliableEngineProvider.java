package org.farfit.spark;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.farfit.engine.Engine;
import org.farfit.engine.EngineProvider;
import org.farfit.engine.Evaluator;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.scalar.ScalarEngine;

/**
 * An engine that fails on purpose: {@code unreliable:LAW:COUNT} for the first so many problems of a
 * law that this JVM sees; {@code unreliable:LAW:halt} ends the JVM.
 */
public final class UnreliableEngineProvider implements EngineProvider {

  /** Failures so far. */
  static final AtomicInteger FAILURES = new AtomicInteger();

  private static final int HALT = -1;

  /** Made by {@link java.util.ServiceLoader}. */
  public UnreliableEngineProvider() {}

  @Override
  public String name() {
    return "unreliable";
  }

  @Override
  public int preference() {
    return -100;
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.empty();
  }

  @Override
  public List<String> devices() {
    return List.of();
  }

  @Override
  public Engine open(String device) {
    String[] parts = device.split(":", -1);
    return new Unreliable(
        new ScalarEngine(), parts[0], parts[1].equals("halt") ? HALT : Integer.parseInt(parts[1]));
  }

  private record Unreliable(Engine plain, String law, int failures) implements Engine {

    @Override
    public String name() {
      return "unreliable";
    }

    @Override
    public String device() {
      return law;
    }

    @Override
    public int concurrency(int threads) {
      return plain.concurrency(threads);
    }

    @Override
    public int preferredBatch() {
      return plain.preferredBatch();
    }

    @Override
    public Evaluator dataEvaluator(SurfaceProblem problem) {
      if (problem.law().name().equals(law) && failures == HALT) {
        Runtime.getRuntime().halt(1);
      }
      if (problem.law().name().equals(law) && FAILURES.get() < failures) {
        throw new IllegalStateException("failure " + FAILURES.incrementAndGet());
      }
      return plain.dataEvaluator(problem);
    }
  }
}
