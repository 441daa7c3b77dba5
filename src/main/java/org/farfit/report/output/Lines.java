package org.farfit.report.output;

/** Text put together line by line and table by table. */
public final class Lines {

  private final StringBuilder text = new StringBuilder();

  /** Adds a line as it is. */
  public Lines line(String line) {
    text.append(line).append('\n');
    return this;
  }

  /** Adds a table. */
  public Lines add(AlignedTable table) {
    return add(table.text());
  }

  /** Adds text whose lines are ended. */
  public Lines add(CharSequence ended) {
    text.append(ended);
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
