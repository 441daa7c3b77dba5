package org.farfit.kernels;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.farfit.engine.Calibration;
import org.farfit.engine.CalibrationStore;
import org.farfit.engine.Engine;
import org.farfit.engine.EngineProvider;
import org.farfit.engine.EngineUnavailableException;

/** Offers the {@link TornadoEngine} where TornadoVM runs and sees a device with fp64. */
public final class TornadoEngineProvider implements EngineProvider {

  /** Ends a device name to have the host solve and the device only evaluate. */
  private static final String HOST_SOLVES = "host";

  private static final String INSTALL =
      "install the TornadoVM SDK and a driver for your device, see docs/gpu.md";

  private static final System.Logger LOG = System.getLogger(TornadoEngineProvider.class.getName());

  private final Supplier<List<TornadoDevices.Found>> devices;
  private final CalibrationStore store;
  private final Function<TornadoDevices.Found, Optional<String>> unweighed;
  private List<TornadoDevices.Found> found;
  private String problem;

  /** Offers the devices that TornadoVM sees. */
  public TornadoEngineProvider() {
    this(TornadoDevices::all);
  }

  TornadoEngineProvider(Supplier<List<TornadoDevices.Found>> devices) {
    this(devices, CalibrationStore.ofUser(System.getenv()), TornadoDevices.Found::unweighed);
  }

  /**
   * Offers devices.
   *
   * @param store where measurements are kept
   * @param unweighed why auto does not weigh a device; empty if it does
   */
  TornadoEngineProvider(
      Supplier<List<TornadoDevices.Found>> devices,
      CalibrationStore store,
      Function<TornadoDevices.Found, Optional<String>> unweighed) {
    this.devices = devices;
    this.store = store;
    this.unweighed = unweighed;
  }

  @Override
  public String name() {
    return TornadoEngine.NAME;
  }

  /** Below the CPU engines: a device is used when asked for, or where it was measured faster. */
  @Override
  public int preference() {
    return -1;
  }

  @Override
  public Optional<String> unavailable() {
    discover();
    if (problem != null) {
      return Optional.of(problem);
    }
    if (found.stream().noneMatch(device -> device.problem().isEmpty())) {
      String seen =
          found.isEmpty()
              ? "TornadoVM sees no device"
              : found.stream()
                  .map(TornadoDevices.Found::description)
                  .collect(Collectors.joining("; "));
      return Optional.of(seen + "; " + INSTALL);
    }
    return Optional.empty();
  }

  @Override
  public List<String> devices() {
    discover();
    return found == null
        ? List.of()
        : found.stream().map(TornadoDevices.Found::description).toList();
  }

  /** Of the first device that serves; looks for none where nothing was ever measured. */
  @Override
  public Optional<Calibration> calibration() {
    return store.exists() && unavailable().isEmpty() && unweighed().isEmpty()
        ? store.get(device("").identity())
        : Optional.empty();
  }

  @Override
  public Optional<String> unweighed() {
    return unweighed.apply(device(""));
  }

  @Override
  public Optional<Calibration> calibrate(boolean anew) {
    Optional<Calibration> known = anew ? Optional.empty() : calibration();
    if (known.isPresent() || unavailable().isPresent() || unweighed().isPresent()) {
      return known;
    }
    TornadoDevices.Found first = device("");
    LOG.log(Level.INFO, "measuring {0}, once; this takes some seconds", first.description());
    Calibration measured = new DeviceCalibration(first).measure();
    store.put(first.identity(), measured);
    return Optional.of(measured);
  }

  /**
   * Opens a device.
   *
   * @param device {@code BACKEND:DEVICE} as listed, empty for the first that serves; with {@code
   *     :host} (or {@code host} alone) the host solves and the device only evaluates
   */
  @Override
  public Engine open(String device) {
    boolean hostSolves = device.equals(HOST_SOLVES) || device.endsWith(":" + HOST_SOLVES);
    String address =
        hostSolves
            ? device.substring(0, Math.max(0, device.length() - HOST_SOLVES.length() - 1))
            : device;
    TornadoDevices.Found chosen = device(address);
    return hostSolves ? new TornadoEngine(chosen) : new ResidentEngine(chosen);
  }

  /** The device of an address, or the first that serves if that is empty. */
  TornadoDevices.Found device(String address) {
    unavailable()
        .ifPresent(reason -> {
          throw new EngineUnavailableException("engine 'tornado' cannot run: " + reason);
        });
    TornadoDevices.Found chosen =
        found.stream()
            .filter(
                one -> address.isEmpty() ? one.problem().isEmpty() : one.address().equals(address))
            .findFirst()
            .orElseThrow(() ->
                new EngineUnavailableException(
                    "engine 'tornado' has no device '%s'; there are: %s"
                        .formatted(address, String.join("; ", devices()))));
    if (!chosen.problem().isEmpty()) {
      throw new EngineUnavailableException(
          "engine 'tornado' cannot use device %s".formatted(chosen.description()));
    }
    return chosen;
  }

  private synchronized void discover() {
    if (found != null || problem != null) {
      return;
    }
    try {
      found = devices.get();
    } catch (RuntimeException | LinkageError e) {
      // The runtime reports a missing driver or flag in many ways; all mean the same to the user.
      problem =
          "the TornadoVM runtime does not start (%s: %s); start farfit with bin/farfit, and %s"
              .formatted(e.getClass().getSimpleName(), e.getMessage(), INSTALL);
    }
  }
}
