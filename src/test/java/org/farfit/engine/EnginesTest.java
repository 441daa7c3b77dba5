package org.farfit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import org.farfit.engine.scalar.ScalarEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which engine is taken, and what is said of those that cannot run. */
class EnginesTest {

  @Test
  void autoTakesTheMostPreferredThatIsAvailable() {
    EngineProvider first =
        Engines.providers().stream()
            .filter(provider -> provider.unavailable().isEmpty())
            .findFirst()
            .orElseThrow();
    assertThat(Engines.open("auto").name()).isEqualTo(first.name());
    assertThat(Engines.open("scalar")).isInstanceOf(ScalarEngine.class);
  }

  @Test
  void anEngineAskedForByNameIsNeverReplaced() {
    assertThatThrownBy(() -> Engines.open("warp"))
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContaining("engine 'warp' is not installed")
        .hasMessageContaining("scalar");
    assertThatThrownBy(() -> Engines.open("scalar:1"))
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContaining("no devices to choose from");
  }

  @Test
  void anEngineThatIsNotInstalledSaysWhatToInstall() {
    assertThatThrownBy(() -> Engines.open("tornado:0:0"))
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContaining("engine 'tornado' cannot run")
        .hasMessageContaining("sdk install tornadovm")
        .hasMessageContaining("TORNADOVM_HOME");
  }

  /** As the TornadoVM engine does where its jar is there but the SDK's is not. */
  @Test
  void aProviderThatCannotBeLoadedIsLeftOut(@TempDir Path folder) throws Exception {
    int constructed = BrokenProvider.constructed;
    assertThat(namesWith(folder, BrokenProvider.class.getName())).contains("scalar");
    assertThat(BrokenProvider.constructed).isGreaterThan(constructed);
  }

  /** A file of services that names no class, or is none, hides no other engine. */
  @ParameterizedTest
  @ValueSource(strings = {"org.farfit.NoSuchProvider", "not a name of a class"})
  void aProviderThatIsNotThereHidesNoOther(String named, @TempDir Path folder) throws Exception {
    assertThat(namesWith(folder, named)).contains("scalar", "simd").doesNotContain("broken");
  }

  private static List<String> namesWith(Path folder, String named) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve("org.farfit.engine.EngineProvider"), named);
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader with = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
      Thread.currentThread().setContextClassLoader(with);
      return Engines.providers().stream().map(EngineProvider::name).toList();
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  @Test
  void lookingForProvidersEndsWhereEachLookFails() {
    Iterator<EngineProvider> failing =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            throw new ServiceConfigurationError("cannot be read");
          }

          @Override
          public EngineProvider next() {
            throw new NoSuchElementException();
          }
        };
    assertThat(Engines.loadable(failing)).isEmpty();
  }

  /** Fails to load. */
  public static final class BrokenProvider implements EngineProvider {
    static int constructed;

    /** Called by the service loader. */
    public BrokenProvider() {
      constructed++;
      throw new NoClassDefFoundError("a class of the SDK");
    }

    @Override
    public String name() {
      return "broken";
    }

    @Override
    public int preference() {
      return Integer.MAX_VALUE;
    }

    @Override
    public Optional<String> unavailable() {
      return Optional.empty();
    }

    @Override
    public List<String> devices() {
      return List.of();
    }

    @Override
    public Engine open(String device) {
      throw new EngineUnavailableException("broken");
    }
  }

  /**
   * On the class path providers come from META-INF/services, on the module path from the module.
   */
  @Test
  void bothListsOfProvidersAgree() throws Exception {
    List<String> services;
    try (InputStream in =
        Engines.class.getResourceAsStream("/META-INF/services/org.farfit.engine.EngineProvider")) {
      services = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
    ModuleDescriptor module;
    URL classes = Engines.class.getProtectionDomain().getCodeSource().getLocation();
    try (InputStream in = classes.toURI().resolve("module-info.class").toURL().openStream()) {
      module = ModuleDescriptor.read(in);
    }
    assertThat(module.provides())
        .filteredOn(provides -> provides.service().equals(EngineProvider.class.getName()))
        .singleElement()
        .satisfies(provides ->
            assertThat(provides.providers()).containsExactlyInAnyOrderElementsOf(services));
  }
}
