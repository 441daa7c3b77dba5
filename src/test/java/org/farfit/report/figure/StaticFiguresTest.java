package org.farfit.report.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/** Figures as files: whole, labelled, and with something in them. */
class StaticFiguresTest {

  private static final Figure EVERYTHING =
      new Figure(
          "every-layer",
          "A & B < C",
          "Points, a line with a gap, a band, cells and bars.",
          new Figure.Axis("tokens", true),
          new Figure.Axis("loss", false),
          new Figure.Scale("error", -1, 1, true),
          List.of(
              new Figure.Cells(
                  "", new double[] {1e9, 2e9}, new double[] {1, 2}, 2, 1, new double[] {-1, 1}),
              Figure.Area.between(
                  "band",
                  new double[] {1e9, 4e9},
                  new double[] {1, 2},
                  new double[] {1e9, 4e9},
                  new double[] {2, 3},
                  1),
              new Figure.Line(
                  "line",
                  new double[] {1e9, 2e9, 4e9},
                  new double[] {3, Double.NaN, 1},
                  Figure.Style.DASHED,
                  0),
              new Figure.Points(
                  "points",
                  new double[] {1e9, 3e9},
                  new double[] {2, 2.5},
                  new double[] {0.5, -0.5},
                  2),
              new Figure.Bars("bars", new double[] {5e9, 6e9}, 1e9, new double[] {1, 2}, 3)));

  @TempDir Path folder;

  @Test
  void everyLayerIsDrawn() throws Exception {
    List<Path> files = StaticFigures.write(folder.resolve("new"), List.of(EVERYTHING));
    assertThat(files)
        .extracting(file -> file.getFileName().toString())
        .containsExactly("every-layer.svg", "every-layer.png");
    String svg = Files.readString(files.getFirst());
    DocumentBuilderFactory plain = DocumentBuilderFactory.newInstance();
    plain.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    Document document =
        plain
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertThat(document.getElementsByTagName("title").item(0).getTextContent())
        .isEqualTo("A & B < C");
    assertThat(document.getElementsByTagName("desc").item(0).getTextContent())
        .isEqualTo(EVERYTHING.alt());
    assertThat(StaticFigures.svg(EVERYTHING)).isEqualTo(svg);
    assertThat(svg).contains("tokens").contains(">line<");
    BufferedImage image = ImageIO.read(files.getLast().toFile());
    assertThat(image.getWidth()).isEqualTo(1440);
    Set<Integer> colours = new HashSet<>();
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        colours.add(image.getRGB(x, y));
      }
    }
    assertThat(colours.size()).isGreaterThan(50);
    // The ends of the diverging scale and the colour of the bars.
    assertThat(colours).contains(0xff2166ac, 0xffb2182b, 0xffcc79a7);
  }

  @Test
  void theLegendHasTheColourOfThePoints() {
    Figure figure =
        new Figure(
            "points",
            "Points",
            "Two points.",
            new Figure.Axis("tokens", true),
            new Figure.Axis("loss", false),
            null,
            List.of(
                new Figure.Points(
                    "runs", new double[] {1e9, 2e9}, new double[] {2, 3}, new double[0], 2)));
    Color colour = Palette.layer(2);
    String fill = "rgb(%d,%d,%d)".formatted(colour.getRed(), colour.getGreen(), colour.getBlue());
    // Two points and the dot of the legend.
    assertThat(StaticFigures.svg(figure).split(Pattern.quote(fill), -1)).hasSize(4);
  }

  @Test
  void coloursRunFromEndToEnd() {
    Figure.Scale scale = new Figure.Scale("", 0, 10, false);
    assertThat(Palette.at(scale, -5).getRGB()).isEqualTo(0xff440154);
    assertThat(Palette.at(scale, 10).getRGB()).isEqualTo(0xfffde725);
    assertThat(Palette.at(scale, 2).getRGB()).isEqualTo(0xff414487);
    assertThat(Palette.at(scale, 11)).isEqualTo(Palette.at(scale, 10));
  }
}
