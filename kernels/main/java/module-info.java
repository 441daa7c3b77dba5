/** The TornadoVM engine of Farfit. */
module org.farfit.kernels {
  requires org.farfit;
  requires tornado.api;

  // The TornadoVM runtime reads the bytecode of kernels by reflection.
  opens org.farfit.kernels;

  provides org.farfit.engine.EngineProvider with
      org.farfit.kernels.TornadoEngineProvider;
}
