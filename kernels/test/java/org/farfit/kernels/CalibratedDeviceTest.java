package org.farfit.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.farfit.engine.Calibration;
import org.farfit.engine.CalibrationStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices are measured once, and not at all where nobody asks for it. */
class CalibratedDeviceTest {

  private static final List<TornadoDevices.Found> DEVICES = TornadoDevices.all();

  @Test
  void aDeviceIsMeasuredOnce(@TempDir Path folder) {
    CalibrationStore store = new CalibrationStore(folder.resolve("devices.properties"));
    TornadoEngineProvider provider =
        new TornadoEngineProvider(() -> DEVICES, store, any -> Optional.empty());
    assertThat(provider.calibration()).isEmpty();
    Calibration measured = provider.calibrate(false).orElseThrow();
    assertThat(measured.startSeconds()).isPositive();
    assertThat(measured.rate()).isPositive();
    assertThat(measured.hostRate()).isPositive();
    assertThat(store.get(DEVICES.getFirst().identity())).contains(measured);
    // Another process finds it; what nobody would measure is found, too.
    TornadoEngineProvider later =
        new TornadoEngineProvider(() -> DEVICES, store, any -> Optional.empty());
    assertThat(later.calibrate(false)).contains(measured);
    Calibration noted = new Calibration(1, 2, 3);
    store.put(DEVICES.getFirst().identity(), noted);
    assertThat(later.calibration()).contains(noted);
    assertThat(later.calibrate(false)).contains(noted);
    // A device that is the processor is not weighed.
    TornadoEngineProvider none =
        new TornadoEngineProvider(() -> DEVICES, store, any -> Optional.of("no device to weigh"));
    assertThat(none.unweighed()).contains("no device to weigh");
    assertThat(none.calibration()).isEmpty();
    assertThat(none.calibrate(true)).isEmpty();
    assertThat(store.get(DEVICES.getFirst().identity())).contains(noted);
  }

  /**
   * What was measured of one device says nothing of another, and no device is looked for in vain.
   */
  @Test
  void withoutMeasurementsNoDeviceIsLookedFor(@TempDir Path folder) {
    CalibrationStore store = new CalibrationStore(folder.resolve("devices.properties"));
    TornadoEngineProvider provider =
        new TornadoEngineProvider(
            () -> {
              throw new AssertionError("a device was looked for");
            },
            store,
            any -> Optional.empty());
    assertThat(provider.calibration()).isEqualTo(Optional.empty());
    store.put("another device", new Calibration(1, 2, 3));
    TornadoEngineProvider found =
        new TornadoEngineProvider(() -> DEVICES, store, any -> Optional.empty());
    assertThat(found.calibration()).isEmpty();
  }
}
