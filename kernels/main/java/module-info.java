/** The TornadoVM engine of Farfit. */
module org.farfit.kernels {
  requires org.farfit;
  requires tornado.api;

  provides org.farfit.engine.EngineProvider with
      org.farfit.kernels.TornadoEngineProvider;
}
