package org.farfit;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Packages depend downwards only: each may use those after it in the list. Laws and data know
 * nothing of each other.
 */
class PackageDependencyTest {

  private static final List<String> DOWNWARDS =
      List.of(
          "cli",
          "sweep",
          "literature",
          "report",
          "analysis",
          "fit",
          "solver",
          "engine",
          "formula",
          "law",
          "data");

  private static final String FIT = "org.farfit.fit";

  /** The rooms of the floor {@code fit}, which itself lies between its search and statistics. */
  private static final List<String> ROOMS_OF_FIT =
      List.of(
          "extrapolation",
          "bootstrap",
          "method",
          "regularised",
          "piecewise",
          "search",
          "",
          "statistics");

  private static final String ENGINE = "org.farfit.engine";

  /** The rooms of the floor {@code engine}: problems and what engines are lie below the engines. */
  private static final List<String> ROOMS_OF_ENGINE = List.of("simd", "scalar", "code", "");

  private static final String ANALYSIS = "org.farfit.analysis";

  /** The rooms of the floor {@code analysis}. */
  private static final List<String> ROOMS_OF_ANALYSIS =
      List.of("coverage", "study", "inference", "design", "");

  private static final String REPORT = "org.farfit.report";

  /** The rooms of the floor {@code report}. */
  private static final List<String> ROOMS_OF_REPORT =
      List.of("", "archive", "html", "figure", "output");

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.farfit");

  @Test
  void dependDownwardsOnly() {
    assertThat(classes.size()).isGreaterThan(50);
    rule(DOWNWARDS).check(classes);
  }

  @Test
  void roomsOfFitDependDownwardsOnly() {
    rooms(FIT, ROOMS_OF_FIT).check(classes);
  }

  @Test
  void roomsOfEngineDependDownwardsOnly() {
    rooms(ENGINE, ROOMS_OF_ENGINE).check(classes);
  }

  @Test
  void roomsOfAnalysisDependDownwardsOnly() {
    rooms(ANALYSIS, ROOMS_OF_ANALYSIS).check(classes);
  }

  @Test
  void roomsOfReportDependDownwardsOnly() {
    rooms(REPORT, ROOMS_OF_REPORT).check(classes);
  }

  private static LayeredArchitecture rooms(String floor, List<String> downwards) {
    LayeredArchitecture rule =
        layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(false);
    for (String name : downwards) {
      rule = rule.layer("room " + name).definedBy(name.isEmpty() ? floor : floor + "." + name);
    }
    for (int i = 0; i + 1 < downwards.size(); i++) {
      String[] below =
          downwards.stream().skip(i + 1).map(name -> "room " + name).toArray(String[]::new);
      rule = rule.whereLayer("room " + downwards.get(i)).mayOnlyAccessLayers(below);
    }
    return rule.whereLayer("room " + downwards.getLast()).mayNotAccessAnyLayer();
  }

  @Test
  void haveNoCycles() {
    slices().matching("org.farfit.(**)").should().beFreeOfCycles().check(classes);
  }

  /** A fit file is opened, held and written by one type; how it looks as JSON is its own affair. */
  @Test
  void theFormOfFitFilesIsPrivateToTheirArchive() {
    List<String> form =
        classes.stream()
            .filter(type -> type.getPackageName().equals("org.farfit.report.archive"))
            .filter(type -> type.getSimpleName().matches("Fit(Document|File|Check|Tables)|.+Entry"))
            .filter(type -> type.isTopLevelClass())
            .map(type -> type.getSimpleName())
            .toList();
    assertThat(form).contains("FitDocument", "FitFile", "ChoiceEntry", "BootstrapEntry");
    assertThat(
            classes.stream()
                .filter(type -> form.contains(type.getSimpleName()))
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .map(type -> type.getName()))
        .isEmpty();
  }

  @Test
  void theRuleCanFail() {
    assertThatThrownBy(() -> rooms(REPORT, ROOMS_OF_REPORT.reversed()).check(classes))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> rule(DOWNWARDS.reversed()).check(classes))
        .isInstanceOf(AssertionError.class);
  }

  private static LayeredArchitecture rule(List<String> downwards) {
    LayeredArchitecture rule =
        layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(false);
    for (String name : downwards) {
      rule = rule.layer(name).definedBy("org.farfit." + name + "..");
    }
    for (int i = 0; i < downwards.size(); i++) {
      String name = downwards.get(i);
      boolean lowest = name.equals("law") || name.equals("data");
      List<String> below = lowest ? List.of() : downwards.subList(i + 1, downwards.size());
      rule =
          below.isEmpty()
              ? rule.whereLayer(name).mayNotAccessAnyLayer()
              : rule.whereLayer(name).mayOnlyAccessLayers(below.toArray(String[]::new));
    }
    return rule;
  }
}
