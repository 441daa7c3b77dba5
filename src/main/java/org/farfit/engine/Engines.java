package org.farfit.engine;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds engines: those of this library and any that a {@link ServiceLoader} adds. */
public final class Engines {

  private static final System.Logger LOG = System.getLogger(Engines.class.getName());

  /** The name that leaves the choice to Farfit. */
  public static final String AUTO = "auto";

  private Engines() {}

  /** Every provider, the most preferred first; engines that are not installed come last. */
  public static List<EngineProvider> providers() {
    List<EngineProvider> found =
        ServiceLoader.load(EngineProvider.class).stream()
            .flatMap(provider -> loaded(provider).stream())
            .sorted(Comparator.comparingInt(EngineProvider::preference).reversed())
            .toList();
    boolean hasTornado = found.stream().anyMatch(p -> p.name().equals(AbsentTornado.NAME));
    return hasTornado
        ? found
        : Stream.concat(found.stream(), Stream.of(new AbsentTornado())).toList();
  }

  /** A provider that cannot even be loaded, for want of its libraries, is as good as absent. */
  private static Optional<EngineProvider> loaded(ServiceLoader.Provider<EngineProvider> provider) {
    try {
      return Optional.of(provider.get());
    } catch (ServiceConfigurationError e) {
      LOG.log(System.Logger.Level.DEBUG, "engine provider " + provider.type() + " not loaded", e);
      return Optional.empty();
    }
  }

  /**
   * Opens an engine.
   *
   * @param choice {@code auto} for the most preferred that is available, or {@code NAME} or {@code
   *     NAME:DEVICE}
   * @throws EngineUnavailableException if it cannot run; an engine asked for by name is never
   *     replaced by another
   */
  public static Engine open(String choice) {
    List<EngineProvider> providers = providers();
    if (choice.equals(AUTO)) {
      return providers.stream()
          .filter(provider -> provider.unavailable().isEmpty())
          .findFirst()
          .orElseThrow(() -> new EngineUnavailableException("no engine is available"))
          .open("");
    }
    int colon = choice.indexOf(':');
    String name = colon < 0 ? choice : choice.substring(0, colon);
    String device = colon < 0 ? "" : choice.substring(colon + 1);
    EngineProvider provider =
        providers.stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow(() ->
                new EngineUnavailableException(
                    "engine '%s' is not installed; the engines here are %s"
                        .formatted(
                            name,
                            providers.stream()
                                .map(EngineProvider::name)
                                .collect(Collectors.joining(", ", "auto, ", "")))));
    provider
        .unavailable()
        .ifPresent(reason -> {
          throw new EngineUnavailableException(
              "engine '%s' cannot run: %s".formatted(name, reason));
        });
    return provider.open(device);
  }
}
