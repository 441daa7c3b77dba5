/** The TornadoVM engine of Farfit. */
module org.farfit.kernels {
  requires com.fasterxml.jackson.databind;
  requires info.picocli;
  requires java.management;
  requires org.farfit;
  requires transitive tornado.api;

  // Kernels made at run time live in class loaders of their own.
  exports org.farfit.kernels.made;

  // The TornadoVM runtime reads the bytecode of kernels by reflection.
  opens org.farfit.kernels;

  provides org.farfit.engine.EngineProvider with
      org.farfit.kernels.TornadoEngineProvider;
}
