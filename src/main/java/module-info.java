/**
 * Farfit: fits neural scaling-law surfaces L(N, D).
 *
 * <p>What only the command line and its reports need is {@code requires static}: a program that
 * uses the library does without these libraries, and the launchers of the command line add them.
 */
module org.farfit {
  requires com.fasterxml.jackson.annotation;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.dataformat.csv;
  requires com.fasterxml.jackson.dataformat.yaml;
  requires static com.github.marschall.memoryfilesystem;
  requires ejml.core;
  requires ejml.ddense;
  requires exp4j;
  requires hipparchus.core;
  requires hipparchus.stat;
  requires static info.picocli;
  requires static java.desktop;
  requires java.sql;
  requires static jdk.incubator.vector;
  requires static me.tongfei.progressbar;
  requires static org.jfree.jfreechart;
  requires static org.jfree.svg;

  exports org.farfit.analysis;
  exports org.farfit.analysis.coverage;
  exports org.farfit.analysis.design;
  exports org.farfit.analysis.inference;
  exports org.farfit.analysis.study;
  exports org.farfit.data;
  exports org.farfit.engine;
  exports org.farfit.engine.code;
  exports org.farfit.engine.scalar;
  exports org.farfit.fit;
  exports org.farfit.fit.bootstrap;
  exports org.farfit.fit.extrapolation;
  exports org.farfit.fit.method;
  exports org.farfit.fit.piecewise;
  exports org.farfit.fit.regularised;
  exports org.farfit.fit.search;
  exports org.farfit.fit.statistics;
  exports org.farfit.formula;
  exports org.farfit.law;
  exports org.farfit.literature;
  exports org.farfit.report;
  exports org.farfit.report.archive;
  exports org.farfit.report.figure;
  exports org.farfit.report.html;
  exports org.farfit.report.output;
  exports org.farfit.solver;
  exports org.farfit.sweep;

  opens org.farfit.cli to
      info.picocli,
      com.fasterxml.jackson.databind;
  opens org.farfit.literature to
      com.fasterxml.jackson.databind;
  opens org.farfit.report to
      com.fasterxml.jackson.databind;
  opens org.farfit.report.archive to
      com.fasterxml.jackson.databind;
  opens org.farfit.report.output to
      com.fasterxml.jackson.databind;
  opens org.farfit.sweep to
      com.fasterxml.jackson.databind;
  opens org.farfit.report.figure to
      com.fasterxml.jackson.databind;
  opens org.farfit.report.html to
      com.fasterxml.jackson.databind;

  uses org.farfit.engine.EngineProvider;
  uses org.farfit.sweep.ClusterProvider;

  provides org.farfit.engine.EngineProvider with
      org.farfit.engine.scalar.ScalarEngineProvider,
      org.farfit.engine.simd.SimdEngineProvider;
}
