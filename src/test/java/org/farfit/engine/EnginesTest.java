package org.farfit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(
        services.resolve("org.farfit.engine.EngineProvider"), BrokenProvider.class.getName());
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    int constructed = BrokenProvider.constructed;
    try (URLClassLoader withBroken =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
      Thread.currentThread().setContextClassLoader(withBroken);
      assertThat(Engines.providers()).extracting(EngineProvider::name).contains("scalar");
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
    assertThat(BrokenProvider.constructed).isGreaterThan(constructed);
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
