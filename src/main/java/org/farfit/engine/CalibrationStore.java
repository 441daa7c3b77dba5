package org.farfit.engine;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Calibrations that later processes find, in a file of properties: by device three numbers, and the
 * word {@code faster} where the launcher is to start the device's runtime for {@code auto}. A file
 * that cannot be read or written is as good as none.
 *
 * @param file where they are
 */
public record CalibrationStore(Path file) {

  private static final System.Logger LOG = System.getLogger(CalibrationStore.class.getName());

  /** Ends the entry of a device that is worthwhile; bin/farfit looks for it. */
  private static final String FASTER = "faster";

  /** The file that processes of a user share: in FARFIT_CACHE, or farfit in XDG_CACHE_HOME. */
  public static CalibrationStore ofUser(Map<String, String> environment) {
    String own = environment.get("FARFIT_CACHE");
    String caches = environment.get("XDG_CACHE_HOME");
    Path folder =
        own != null && !own.isEmpty()
            ? Path.of(own)
            : (caches != null && !caches.isEmpty()
                    ? Path.of(caches)
                    : Path.of(System.getProperty("user.home"), ".cache"))
                .resolve("farfit");
    return new CalibrationStore(folder.resolve("devices.properties"));
  }

  /** Whether there may be any. */
  public boolean exists() {
    return Files.isRegularFile(file);
  }

  /** What was measured of a device. */
  public Optional<Calibration> get(String device) {
    String entry = read().getProperty(device);
    if (entry == null) {
      return Optional.empty();
    }
    String[] numbers = entry.split(" ");
    try {
      return Optional.of(
          new Calibration(
              Double.parseDouble(numbers[0]),
              Double.parseDouble(numbers[1]),
              Double.parseDouble(numbers[2])));
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      LOG.log(System.Logger.Level.WARNING, "{0} holds no measurement of {1}", file, device);
      return Optional.empty();
    }
  }

  /** Keeps what was measured of a device. */
  public void put(String device, Calibration measured) {
    Properties all = read();
    all.setProperty(
        device,
        "%s %s %s%s"
            .formatted(
                measured.startSeconds(),
                measured.rate(),
                measured.hostRate(),
                measured.isWorthwhile() ? " " + FASTER : ""));
    try {
      Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
      Path written = Files.createTempFile(folder, "devices", ".tmp");
      try (Writer writer = Files.newBufferedWriter(written)) {
        all.store(writer, "Devices as farfit engines measured them; may be deleted.");
      }
      Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "measurements cannot be kept in {0}: {1}", file, e);
    }
  }

  private Properties read() {
    Properties all = new Properties();
    if (exists()) {
      try (Reader reader = Files.newBufferedReader(file)) {
        all.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        LOG.log(System.Logger.Level.WARNING, "measurements cannot be read from {0}: {1}", file, e);
      }
    }
    return all;
  }
}
