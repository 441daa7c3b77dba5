package org.farfit.report.html;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.farfit.data.InputException;
import org.farfit.report.AlignedTable;
import org.farfit.report.OutputFile;
import org.farfit.report.figure.Figure;
import org.farfit.report.figure.Palette;

/**
 * A report as one HTML file that needs no network: text, tables, and figures that the browser draws
 * with the ECharts library, which the file holds.
 */
public final class HtmlReport {

  private static final String LIBRARY = "/META-INF/resources/webjars/echarts/5.5.0/echarts.min.js";

  /** Digits that a figure can show; more would only make the file larger. */
  private static final MathContext SHOWN = new MathContext(6);

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new SimpleModule().addSerializer(double[].class, new Numbers()))
          .build();

  private HtmlReport() {}

  /**
   * A part of a report.
   *
   * @param title its heading
   * @param text paragraphs
   * @param tables tables, in order
   * @param figures figures, side by side where there is room
   */
  public record Section(String title, List<String> text, List<Table> tables, List<Figure> figures) {

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

  /** Numbers in six digits; gaps where they are not finite, which JSON cannot say. */
  private static final class Numbers extends JsonSerializer<double[]> {

    @Override
    public void serialize(double[] values, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeStartArray();
      for (double value : values) {
        if (Double.isFinite(value)) {
          json.writeNumber(new BigDecimal(value).round(SHOWN).doubleValue());
        } else {
          json.writeNull();
        }
      }
      json.writeEndArray();
    }
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
   * @throws InputException if the file cannot be written
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
    StringBuilder body = new StringBuilder();
    for (Section section : sections) {
      body.append("<section>\n<h2>").append(escaped(section.title())).append("</h2>\n");
      section.text().forEach(line -> body.append("<p>").append(escaped(line)).append("</p>\n"));
      section.tables().forEach(table -> body.append(html(table)));
      if (!section.figures().isEmpty()) {
        body.append("<div class=\"figures\">\n");
        section.figures().forEach(figure -> body.append(html(figure)));
        body.append("</div>\n");
      }
      body.append("</section>\n");
    }
    return resource("report.html")
        .replace("{{title}}", escaped(title))
        .replace("{{subtitle}}", escaped(subtitle))
        .replace("{{style}}", resource("report.css"))
        .replace("{{body}}", body)
        .replace("{{figures}}", json(figures(sections)))
        .replace(
            "{{palette}}",
            json(
                Map.of(
                    "layers", Palette.LAYERS,
                    "amounts", Palette.AMOUNTS,
                    "differences", Palette.DIFFERENCES)))
        .replace("{{library}}", resource(LIBRARY))
        .replace("{{script}}", resource("report.js"));
  }

  private static String html(Figure figure) {
    return """
    <figure>
    <figcaption>%s</figcaption>
    <div class="chart" id="%s" role="img" aria-label="%s"></div>
    </figure>
    """
        .formatted(escaped(figure.title()), figure.id(), escaped(figure.alt()));
  }

  private static String html(Table table) {
    StringBuilder html = new StringBuilder("<div class=\"table\"><table");
    html.append(table.sortable() ? " class=\"sortable\">" : ">");
    html.append("<caption>").append(escaped(table.caption())).append("</caption>\n");
    List<List<String>> rows = new ArrayList<>(table.table().rows());
    html.append("<thead>").append(row(rows.removeFirst(), "th scope=\"col\"", "th"));
    html.append("</thead>\n<tbody>\n");
    rows.forEach(cells -> html.append(row(cells, "td", "td")));
    return html.append("</tbody></table></div>\n").toString();
  }

  private static String row(List<String> cells, String open, String close) {
    StringBuilder html = new StringBuilder("<tr>");
    cells.forEach(cell ->
        html.append('<')
            .append(open)
            .append('>')
            .append(escaped(cell))
            .append("</")
            .append(close)
            .append('>'));
    return html.append("</tr>\n").toString();
  }

  private static String json(Object value) {
    try {
      // A figure's text must not end the script that it stands in.
      return MAPPER.writeValueAsString(value).replace("</", "<\\/");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("figures are plain records", e);
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String resource(String name) {
    try (InputStream in =
        name.equals(LIBRARY)
            ? HtmlReport.class.getClassLoader().getResourceAsStream(name.substring(1))
            : HtmlReport.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the installation");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
