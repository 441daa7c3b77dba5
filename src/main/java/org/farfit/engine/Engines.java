package org.farfit.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds engines: those of this library and any that a {@link ServiceLoader} adds. */
public final class Engines {

  private static final System.Logger LOG = System.getLogger(Engines.class.getName());

  /** The name that leaves the choice to Farfit. */
  public static final String AUTO = "auto";

  private static final Set<String> REPORTED = ConcurrentHashMap.newKeySet();

  private Engines() {}

  /**
   * Problems times runs from which {@link #openFor} lets vector code be compiled. On two cores the
   * compiler takes half a second, in which the plain engine does about this much.
   */
  private static final long WORTH_COMPILING = 1_000_000;

  /** Looking for further providers may fail each time in the same way. */
  private static final int MOST_FAILURES = 100;

  /** Every provider, the most preferred first; engines that are not installed come last. */
  public static List<EngineProvider> providers() {
    List<EngineProvider> found =
        loadable(ServiceLoader.load(EngineProvider.class).iterator()).stream()
            .sorted(Comparator.comparingInt(EngineProvider::preference).reversed())
            .toList();
    boolean hasTornado = found.stream().anyMatch(p -> p.name().equals(AbsentTornado.NAME));
    return hasTornado
        ? found
        : Stream.concat(found.stream(), Stream.of(new AbsentTornado())).toList();
  }

  /** Says once why engines that would have been preferred to the chosen one cannot run. */
  private static void reportPassedOver(List<EngineProvider> providers, EngineProvider chosen) {
    for (EngineProvider provider : providers) {
      if (provider.preference() > chosen.preference() && REPORTED.add(provider.name())) {
        provider
            .unavailable()
            .ifPresent(reason ->
                LOG.log(
                    System.Logger.Level.INFO,
                    "engine {0} is used, since {1} cannot run: {2}",
                    chosen.name(),
                    provider.name(),
                    reason));
      }
    }
  }

  /** What cannot even be loaded, for want of its classes or libraries, is as good as absent. */
  static List<EngineProvider> loadable(Iterator<EngineProvider> providers) {
    List<EngineProvider> found = new ArrayList<>();
    for (int failures = 0; failures < MOST_FAILURES; ) {
      try {
        if (!providers.hasNext()) {
          break;
        }
        found.add(providers.next());
      } catch (ServiceConfigurationError | LinkageError e) {
        failures++;
        LOG.log(System.Logger.Level.DEBUG, "an engine provider is not loaded", e);
      }
    }
    return found;
  }

  /**
   * An engine that was measured to be faster for some work than what {@code auto} takes otherwise,
   * its start included; empty if none was.
   *
   * @param work problems to solve times runs
   */
  public static Optional<EngineProvider> fasterFor(long work) {
    return providers().stream()
        .filter(provider -> provider.calibration().filter(c -> c.isFaster(work)).isPresent())
        .filter(provider -> provider.unavailable().isEmpty())
        .findFirst();
  }

  /**
   * Opens an engine for one job in a fresh JVM: as {@link #open}, but {@code auto} takes one that
   * need not warm up for a job that would be over before vector code is compiled.
   *
   * @param work problems to solve times runs
   */
  public static Engine openFor(String choice, long work) {
    return choice.equals(AUTO) && work < WORTH_COMPILING
        ? providers().stream()
            .filter(provider -> !provider.warmsUp() && provider.unavailable().isEmpty())
            .findFirst()
            .map(provider -> provider.open(""))
            .orElseGet(() -> open(choice))
        : open(choice);
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
      EngineProvider chosen =
          providers.stream()
              .filter(provider -> provider.unavailable().isEmpty())
              .findFirst()
              .orElseThrow(() -> new EngineUnavailableException("no engine is available"));
      reportPassedOver(providers, chosen);
      return chosen.open("");
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
