package org.farfit.report.html;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.farfit.report.figure.Figure;
import org.farfit.report.figure.Palette;
import org.farfit.report.output.AlignedTable;
import org.farfit.report.output.OutputFile;

/**
 * A report as one HTML file that needs no network: text, tables, and figures that the browser draws
 * with the ECharts library, which the file holds.
 */
public final class HtmlReport {

  private static final String LIBRARY = "/META-INF/resources/webjars/echarts/5.5.0/echarts.min.js";

  private HtmlReport() {}

  /**
   * A part of a report.
   *
   * @param title its heading
   * @param text paragraphs
   * @param tables tables, in order
   * @param figures figures, side by side where there is room
   * @param explorer what the page answers questions with; of one section at most
   */
  public record Section(
      String title,
      List<String> text,
      List<Table> tables,
      List<Figure> figures,
      Optional<Explorer> explorer) {

    /** A part without questions. */
    public Section(String title, List<String> text, List<Table> tables, List<Figure> figures) {
      this(title, text, tables, figures, Optional.empty());
    }

    /** A part that answers questions. */
    public static Section of(String title, Explorer explorer) {
      return new Section(title, List.of(), List.of(), List.of(), Optional.of(explorer));
    }

    /** A part with figures alone. */
    public static Section of(String title, List<Figure> figures) {
      return new Section(title, List.of(), List.of(), figures);
    }
  }

  /**
   * A table.
   *
   * @param caption what it shows
   * @param table its cells
   * @param sortable whether a click on a heading sorts it
   */
  public record Table(String caption, AlignedTable table, boolean sortable) {}

  /** The palette as data: a record, whose keys come in the same order in every process. */
  private record Colours(List<String> layers, List<String> amounts, List<String> differences) {

    private static final Colours OF_FIGURES =
        new Colours(Palette.LAYERS, Palette.AMOUNTS, Palette.DIFFERENCES);
  }

  /** What a report says about where it comes from, within its first bytes. */
  private static final String GENERATOR = "<meta name=\"generator\" content=\"Farfit\">";

  private static final int HEAD = 2000;

  /** All figures of some sections. */
  public static List<Figure> figures(List<Section> sections) {
    return sections.stream().flatMap(section -> section.figures().stream()).toList();
  }

  /**
   * Writes a report.
   *
   * @param subtitle what was fitted, in a line
   * @throws org.farfit.report.output.OutputException if the file cannot be written
   */
  public static void write(Path path, String title, String subtitle, List<Section> sections) {
    OutputFile.write(path, text(title, subtitle, sections));
  }

  /** Whether a file looks like a report that Farfit wrote. */
  public static boolean isOne(Path path) {
    return OutputFile.head(path, HEAD).contains(GENERATOR);
  }

  /** The report as text. */
  public static String text(String title, String subtitle, List<Section> sections) {
    String style = resource("report.css");
    Optional<Explorer> explorer =
        sections.stream().flatMap(section -> section.explorer().stream()).findFirst();
    List<String> scripts = new ArrayList<>(List.of(resource(LIBRARY)));
    explorer.ifPresent(each -> scripts.add(each.script()));
    scripts.add(resource("report.js"));
    explorer.ifPresent(
        each -> scripts.addAll(List.of(resource("explorer.js"), resource("turning.js"))));
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("title", title);
    data.put("figures", figures(sections));
    data.put("palette", Colours.OF_FIGURES);
    explorer.ifPresent(each -> data.put("explorer", each));
    return Markup.template(
            resource("report.html"),
            Map.of(
                "policy",
                Markup.text(policy(scripts, style)),
                "title",
                Markup.text(title),
                "heading",
                Markup.text(title),
                "subtitle",
                Markup.text(subtitle),
                "style",
                new Markup(style),
                "contents",
                contents(sections),
                "body",
                Markup.joined(
                    IntStream.range(0, sections.size())
                        .mapToObj(i -> html(i, sections.get(i)))
                        .toList()),
                "notices",
                Markup.text(resource("notices.txt")),
                "data",
                Markup.data(data),
                "scripts",
                Markup.joined(
                    scripts.stream()
                        .map(script -> new Markup("<script>" + script + "</script>\n"))
                        .toList())))
        .html();
  }

  /** Links to the parts. */
  private static Markup contents(List<Section> sections) {
    return Markup.joined(
        IntStream.range(0, sections.size())
            .mapToObj(i ->
                Markup.template(
                    "<li><a href=\"#part-{{number}}\">{{title}}</a></li>\n",
                    Map.of(
                        "number", Markup.text(String.valueOf(i + 1)),
                        "title", Markup.text(sections.get(i).title()))))
            .toList());
  }

  /** What the browser may do: run Farfit's scripts and style, known by their hashes; no more. */
  private static String policy(List<String> scripts, String style) {
    return "default-src 'none'; script-src %s; style-src %s; img-src data:; base-uri 'none'; form-action 'none'"
        .formatted(
            scripts.stream().map(HtmlReport::hash).collect(Collectors.joining(" ")), hash(style));
  }

  private static String hash(String content) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return "'sha256-%s'".formatted(Base64.getEncoder().encodeToString(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static Markup html(int index, Section section) {
    List<Markup> parts = new ArrayList<>();
    section
        .text()
        .forEach(line ->
            parts.add(Markup.template("<p>{{line}}</p>\n", Map.of("line", Markup.text(line)))));
    section.tables().forEach(table -> parts.add(html(table)));
    if (!section.figures().isEmpty()) {
      parts.add(
          Markup.template(
              "<div class=\"figures\">\n{{figures}}</div>\n",
              Map.of(
                  "figures",
                  Markup.joined(section.figures().stream().map(HtmlReport::html).toList()))));
    }
    section.explorer().ifPresent(explorer -> parts.add(new Markup(resource("explorer.html"))));
    return Markup.template(
        "<section id=\"part-{{number}}\">\n<h2>{{title}}</h2>\n{{parts}}</section>\n",
        Map.of(
            "number", Markup.text(String.valueOf(index + 1)),
            "title", Markup.text(section.title()),
            "parts", Markup.joined(parts)));
  }

  private static Markup html(Figure figure) {
    return Markup.template(
        """
        <figure>
        <figcaption>{{title}}</figcaption>
        <div class="chart" id="{{id}}" role="img" aria-label="{{alt}}"></div>
        </figure>
        """,
        Map.of(
            "title", Markup.text(figure.title()),
            "id", Markup.text(figure.id()),
            "alt", Markup.text(figure.alt())));
  }

  private static Markup html(Table table) {
    List<List<String>> rows = table.table().rows();
    return Markup.template(
        """
        <div class="table"><table class="{{kind}}"><caption>{{caption}}</caption>
        <thead>{{heading}}</thead>
        <tbody>
        {{rows}}</tbody></table></div>
        """,
        Map.of(
            "kind", Markup.text(table.sortable() ? "sortable" : "fixed"),
            "caption", Markup.text(table.caption()),
            "heading", row(rows.getFirst(), "<th scope=\"col\">{{cell}}</th>"),
            "rows",
                Markup.joined(
                    rows.stream().skip(1).map(row -> row(row, "<td>{{cell}}</td>")).toList())));
  }

  private static Markup row(List<String> cells, String template) {
    return Markup.template(
        "<tr>{{cells}}</tr>\n",
        Map.of(
            "cells",
            Markup.joined(
                cells.stream()
                    .map(cell -> Markup.template(template, Map.of("cell", Markup.text(cell))))
                    .toList())));
  }

  private static String resource(String name) {
    try (InputStream in =
        name.equals(LIBRARY)
            ? HtmlReport.class.getClassLoader().getResourceAsStream(name.substring(1))
            : HtmlReport.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the installation");
      }
      // As a browser reads line ends, before it compares hashes.
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
