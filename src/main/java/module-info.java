/** Farfit: fits neural scaling-law surfaces L(N, D). */
module org.farfit {
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.dataformat.csv;

  requires ejml.ddense;
  requires hipparchus.core;
  requires info.picocli;
  requires me.tongfei.progressbar;

  exports org.farfit.data;
  exports org.farfit.engine;
  exports org.farfit.law;
  exports org.farfit.solver;

  uses org.farfit.engine.EngineProvider;

  provides org.farfit.engine.EngineProvider with
      org.farfit.engine.ScalarEngineProvider;
}
