package org.farfit.report.html;

import java.util.List;
import org.farfit.report.figure.Figure;
import org.farfit.report.output.AlignedTable;

/** Names that would run as scripts, or break a page, if a report took them for more than text. */
final class Hostile {

  /** Each sets {@code window.hacked} if it runs, or ends something if it is not escaped. */
  static final List<String> NAMES =
      List.of(
          "L{{figures}}<img src=x onerror=\"window.hacked=1\">",
          "<script>window.hacked=1</script>",
          "</script><script>window.hacked=1</script>",
          "<!--<script>",
          "--><svg onload=window.hacked=1>",
          "\"><img src=x onerror=window.hacked=1>",
          "' onmouseover='window.hacked=1",
          "</title><script>window.hacked=1</script>",
          "</style><img src=x onerror=window.hacked=1>",
          "{{data}}{{script}}{{library}}{{style}}{{policy}}",
          "\\u003cimg src=x onerror=window.hacked=1\\u003e",
          "]]>\u2028window.hacked=1\u2029",
          "$1 ${1} %s %n {a|b} {b}: {c}",
          "javascript:window.hacked=1",
          "&lt;img src=x onerror=window.hacked=1&gt;",
          "a\u0000b\u001b[2Jc\ud800d\u202ee",
          "series\u0007 <iframe srcdoc='<script>parent.hacked=1</script>'>");

  private Hostile() {}

  /** A section with a name in every place where a report shows text. */
  static HtmlReport.Section section(int number, String name) {
    AlignedTable table = new AlignedTable(name, "b" + name);
    table.add(List.of(name, name + "2"));
    table.add(List.of("1", name + "3"));
    double[] x = {1, 2};
    double[] y = {3, 4};
    double[] none = new double[0];
    Figure numbers =
        new Figure(
            "plain-" + number,
            name,
            name,
            new Figure.Axis(name, true),
            new Figure.Axis(name, false),
            new Figure.Scale(name, 0, 5, false),
            List.of(
                new Figure.Points(name, x, y, new double[] {1, 2}, 0),
                new Figure.Points(name + " other", x, y, none, 1),
                new Figure.Line("line " + name, x, y, Figure.Style.SOLID, 2),
                Figure.Area.between("area " + name, x, x, y, y, 3)));
    Figure named =
        new Figure(
            "named-" + number,
            name,
            name,
            Figure.Axis.named(name, List.of(name, "other")),
            Figure.Axis.named(name, List.of("one", name)),
            new Figure.Scale(name, 0, 5, false),
            List.of(
                new Figure.Cells(
                    name, new double[] {0, 1}, new double[] {1, 1}, 1, 1, new double[] {1, 2})));
    Figure bars =
        new Figure(
            "bars-" + number,
            name,
            name,
            new Figure.Axis(name, false),
            new Figure.Axis(name, false),
            null,
            List.of(new Figure.Bars(name, x, 1, y, 0)));
    return new HtmlReport.Section(
        name,
        List.of(name, name),
        List.of(new HtmlReport.Table(name, table, true), new HtmlReport.Table(name, table, false)),
        List.of(numbers, named, bars));
  }

  /** A report with the name everywhere. */
  static String report(int number, String name) {
    return HtmlReport.text(name, name, List.of(section(number, name)));
  }
}
