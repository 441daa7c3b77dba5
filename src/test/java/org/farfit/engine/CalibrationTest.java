package org.farfit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a measured engine is worth its start, and what is kept of the measurement. */
class CalibrationTest {

  /** 8 seconds to start, then 1,000 a second where the processor does 200. */
  private static final Calibration FAST = new Calibration(8, 1000, 200);

  /** w/200 = 8 + w/1000 at w = 2,000: both take ten seconds. */
  @Test
  void isFasterFromWhereTheStartIsMadeUpFor() {
    assertThat(FAST.breakEven()).isCloseTo(2000, within(1e-9));
    assertThat(FAST.seconds(2000)).isCloseTo(10, within(1e-12));
    assertThat(FAST.hostSeconds(2000)).isCloseTo(10, within(1e-12));
    assertThat(FAST.isFaster(1999)).isFalse();
    assertThat(FAST.isFaster(2001)).isTrue();
    assertThat(FAST.description())
        .isEqualTo(
            "auto takes it from 2.0e+03 runs x problems (5.0 times the processor's rate, 8.0 s to start)");
  }

  @Test
  void aLittleFasterIsNotFasterAtAnyWork() {
    Calibration little = new Calibration(0, 399, 200);
    assertThat(little.isWorthwhile()).isFalse();
    assertThat(little.isFaster(Long.MAX_VALUE)).isFalse();
    assertThat(little.description())
        .isEqualTo("auto does not take it (2.0 times the processor's rate)");
    assertThat(new Calibration(0, 400, 200).isWorthwhile()).isTrue();
  }

  @Test
  void whatIsNoMeasurementIsRefused() {
    assertThatThrownBy(() -> new Calibration(1, 0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Calibration(Double.NaN, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Calibration(1, Double.POSITIVE_INFINITY, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void measurementsAreFoundAgainByDevice(@TempDir Path folder) throws Exception {
    CalibrationStore store = new CalibrationStore(folder.resolve("new").resolve("devices"));
    assertThat(store.get("opencl, a card: 24 GB = much")).isEmpty();
    store.put("opencl, a card: 24 GB = much", FAST);
    store.put("another", new Calibration(1, 1, 1));
    assertThat(store.get("opencl, a card: 24 GB = much")).contains(FAST);
    assertThat(store.get("another")).contains(new Calibration(1, 1, 1));
    assertThat(store.get("a third")).isEmpty();
    // What bin/farfit looks for.
    assertThat(Files.readAllLines(store.file()))
        .filteredOn(line -> line.endsWith(" faster"))
        .hasSize(1);
  }

  @Test
  void aFileThatHoldsSomethingElseIsAsGoodAsNone(@TempDir Path folder) throws Exception {
    CalibrationStore store = new CalibrationStore(folder.resolve("devices"));
    Files.writeString(store.file(), "card=1 2\nother=a b c\nthird=0 0 0\nbad=\\uZZZZ\n");
    assertThat(store.get("card")).isEmpty();
    Files.writeString(store.file(), "card=1 2\nother=a b c\nthird=0 0 0\n");
    assertThat(store.get("card")).isEmpty();
    assertThat(store.get("other")).isEmpty();
    assertThat(store.get("third")).isEmpty();
    store.put("card", FAST);
    assertThat(store.get("card")).contains(FAST);
  }

  @Test
  void theFileIsWhereCachesAre() {
    assertThat(CalibrationStore.ofUser(Map.of("FARFIT_CACHE", "/a", "XDG_CACHE_HOME", "/b")).file())
        .isEqualTo(Path.of("/a/devices.properties"));
    assertThat(CalibrationStore.ofUser(Map.of("XDG_CACHE_HOME", "/b")).file())
        .isEqualTo(Path.of("/b/farfit/devices.properties"));
    assertThat(CalibrationStore.ofUser(Map.of()).file())
        .isEqualTo(Path.of(System.getProperty("user.home"), ".cache/farfit/devices.properties"));
  }
}
