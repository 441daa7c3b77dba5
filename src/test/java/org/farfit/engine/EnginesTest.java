package org.farfit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

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
