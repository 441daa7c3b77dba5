package org.farfit.data;

/**
 * How much is accepted: far more than any use has needed, and little enough that what is beyond it
 * ends with a message that says the limit, and neither with exhausted memory nor with a wait.
 */
public final class InputLimits {

  /** Characters in a line of a text file, and in a cell. */
  public static final int LINE_CHARACTERS = 1 << 20;

  /** Columns of a table, and keys of JSON lines together. */
  public static final int COLUMNS = 10_000;

  /** Share of the JVM's memory that the cells of one table may take. */
  public static final double TABLE_SHARE_OF_MEMORY = 0.5;

  /** Characters of a number. */
  public static final int NUMBER_CHARACTERS = 1000;

  /** Parentheses or brackets inside each other. */
  public static final int NESTING = 100;

  /** Characters of a formula. */
  public static final int FORMULA_CHARACTERS = 2000;

  /** Characters of a law as a formula. */
  public static final int LAW_CHARACTERS = 50_000;

  /** Brackets inside each other in a law: derivatives of a formula nest deeper than itself. */
  public static final int LAW_NESTING = 150;

  /** Characters of a law file. */
  public static final int LAW_FILE_CHARACTERS = 1_000_000;

  /** Characters of a filter. */
  public static final int EXPRESSION_CHARACTERS = 100_000;

  /** Characters of a file that states a sweep. */
  public static final int SPECIFICATION_CHARACTERS = 1 << 24;

  /** Starting points of one fit. */
  public static final int STARTS = 10_000_000;

  /** Threads of one process. */
  public static final int THREADS = 1024;

  /** Anything else that is counted: replicates, simulations, evaluations, steps. */
  public static final int COUNT = 10_000_000;

  /** Characters of a pattern of a filter. */
  public static final int PATTERN_CHARACTERS = 1000;

  /** Values that a range LOW:HIGH:COUNT may stand for. */
  public static final int RANGE_VALUES = 100_000;

  /** Points of a grid that is scanned. */
  public static final int GRID_POINTS = 20_000_000;

  /** Points of a grid that is printed or chosen from. */
  public static final int LISTED_POINTS = 1_000_000;

  /** Combinations of a sweep. */
  public static final int COMBINATIONS = 10_000_000;

  /** Characters of a message. */
  public static final int MESSAGE_CHARACTERS = 1600;

  /** Characters that a message shows of one text of the user's. */
  public static final int SHOWN_CHARACTERS = 120;

  /** Bytes of a message to {@code farfit serve}, which brings its data along. */
  public static final int REQUEST_BYTES = 1 << 26;

  /** Requests that {@code farfit serve} has taken and not answered; then it reads no more. */
  public static final int REQUESTS = 256;

  private InputLimits() {}
}
