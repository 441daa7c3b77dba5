package org.farfit.report.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.farfit.report.figure.Figure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Text of the user's is text in every place of a report. In a browser: {@link BrowserTest}. */
class HtmlReportTest {

  private static final Pattern DATA =
      Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>");

  static List<String> names() {
    return Hostile.NAMES;
  }

  /** What is markup in a report of a harmless name is all the markup that there is. */
  @ParameterizedTest
  @MethodSource("names")
  void namesAddNoMarkup(String name) throws Exception {
    String page = Hostile.report(1, name);
    assertThat(tags(page)).isEqualTo(tags(Hostile.report(1, "name")));
    Matcher data = DATA.matcher(page);
    assertThat(data.find()).isTrue();
    assertThat(data.group(1)).doesNotContain("<", ">", "&", "'", "\u2028", "\u2029");
    JsonNode figure = new ObjectMapper().readTree(data.group(1)).path("figures").get(0);
    // UTF-8 has no lone surrogates, and the page is written in it.
    assertThat(figure.path("x").path("label").asText()).isEqualTo(name);
    assertThat(figure.path("layers").get(0).path("name").asText()).isEqualTo(name);
  }

  /** The tags of a page without what its data and scripts hold. */
  private static List<String> tags(String page) {
    String markup = page.replaceAll("(?s)<script[^>]*>.*?</script>", "<script></script>");
    return Pattern.compile("</?[a-zA-Z!][^\\s>]*")
        .matcher(markup)
        .results()
        .map(r -> r.group())
        .toList();
  }

  @Test
  void thePolicyKnowsEveryScriptAndTheStyleByHash() throws Exception {
    String page = HtmlReport.text("t", "s", List.of(HtmlReport.Section.of("f", List.<Figure>of())));
    String policy =
        Pattern.compile("Content-Security-Policy\" content=\"([^\"]*)\"")
            .matcher(page)
            .results()
            .map(found -> found.group(1).replace("&#39;", "'"))
            .findFirst()
            .orElseThrow();
    assertThat(policy).startsWith("default-src 'none'").doesNotContain("unsafe");
    List<String> contents =
        Pattern.compile("(?s)<(script|style)>(.*?)</\\1>")
            .matcher(page)
            .results()
            .map(found -> found.group(2))
            .toList();
    assertThat(contents).hasSize(3);
    for (String content : contents) {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      assertThat(policy).contains("'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
    }
  }

  /** Keys of a map without order would come differently in each process. */
  @Test
  void thePaletteOfAPageIsInOrder() {
    String page = HtmlReport.text("t", "s", List.of(HtmlReport.Section.of("f", List.<Figure>of())));
    assertThat(page)
        .containsPattern(
            "\"palette\":\\{\"layers\":\\[[^]]+],\"amounts\":\\[[^]]+],\"differences\":\\[[^]]+]}");
  }

  /** Whoever passes on a page passes on the library within it, with what its licence asks for. */
  @Test
  void thePageHoldsTheNoticesOfTheLibraryWithinIt() {
    String page = HtmlReport.text("t", "s", List.of(HtmlReport.Section.of("f", List.<Figure>of())));
    String shown = page.replaceAll("(?s)<(script|style)[^>]*>.*?</\\1>", "");
    assertThat(shown).hasSizeLessThan(page.length() / 10);
    Matcher version = Pattern.compile("\\.version=\"(\\d+\\.\\d+\\.\\d+)\"").matcher(page);
    assertThat(version.find()).isTrue();
    assertThat(shown)
        .contains("Apache ECharts " + version.group(1))
        .contains("Copyright 2017-2024 The Apache Software Foundation")
        .contains("Apache License", "Version 2.0, January 2004", "END OF TERMS AND CONDITIONS")
        .contains("zrender", "Baidu Inc.", "d3", "Mike Bostock", "BSD 3-Clause")
        .contains("AND ANY EXPRESS OR IMPLIED");
  }

  @Test
  void templatesAreFilledOnceAndWhole() {
    Map<String, Markup> slots = Map.of("a", Markup.text("{{b}}<$1\\"), "b", Markup.text("{{a}}"));
    assertThat(Markup.template("{{a}}-{{b}}", slots).html()).isEqualTo("{{b}}&lt;$1\\-{{a}}");
    assertThatThrownBy(() -> Markup.template("{{c}}", Map.of()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Markup.template("{{a}}", slots))
        .isInstanceOf(IllegalStateException.class);
  }
}
