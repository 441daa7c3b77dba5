package org.farfit.data;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Whether N and D can be numbers of parameters and tokens, and which is which. A column in millions
 * or billions is easily taken for one: the fit succeeds, but a farseer surface is another one in
 * other units, and budgets and ratios are wrong under every law.
 *
 * <p>The bounds are far outside of published runs, which have 7e2 (Kaplan et al. 2020) and more
 * parameters, models of 1e7 among them, and 0.1 to 1e5 tokens per parameter. Those with fewer
 * tokens than parameters are few, and none of a set of runs of which nearly all were.
 */
public final class UnitCheck {

  private static final double LEAST_LARGEST_N = 1e4;
  private static final double LEAST_LARGEST_D = 1e6;
  private static final double LEAST_RATIO = 1e-2;
  private static final double LARGEST_RATIO = 1e6;

  /** D below so much of N in nearly every run is a sign that the two were exchanged. */
  private static final double EXCHANGED_RATIO = 0.5;

  private static final double NEARLY_EVERY = 0.95;

  /** The logarithm of a vocabulary of ten million, which a model that knows nothing has. */
  private static final double LARGEST_LOSS = 16;

  private UnitCheck() {}

  /** Runs that are compared with each other, of larger sets every so manyth. */
  private static final int COMPARED = 300;

  /** Of pairs of which one is larger in N and D, so many fall in their loss, whatever it is. */
  private static final double LEAST_FALLING = 0.25;

  /** What is implausible about losses, and what to do. */
  public static Optional<String> remarkOnLosses(RunSet runs) {
    return largeLosses(runs)
        .or(() -> alikeLosses(runs))
        .or(() ->
            runs.hasSizesAndTokens() && rises(runs)
                ? Optional.of(
                    "losses rise with N and D, and all laws fall: of what is the better the larger,"
                        + " such as accuracies, give what it lacks, as in %s \"1 - accuracy\""
                            .formatted(Setting.LOSS))
                : Optional.empty());
  }

  /** Whether of two runs the one that is larger in N and D mostly has the larger loss. */
  private static boolean rises(RunSet runs) {
    int step = 1 + runs.size() / COMPARED;
    int falls = 0;
    int differ = 0;
    for (int i = 0; i < runs.size(); i += step) {
      for (int j = 0; j < runs.size(); j += step) {
        boolean larger = runs.n(i) > runs.n(j) && runs.d(i) >= runs.d(j);
        boolean longer = runs.n(i) >= runs.n(j) && runs.d(i) > runs.d(j);
        if ((larger || longer) && runs.loss(i) != runs.loss(j)) {
          differ++;
          falls += runs.loss(i) < runs.loss(j) ? 1 : 0;
        }
      }
    }
    return differ >= runs.size() / step && falls < LEAST_FALLING * differ;
  }

  /** That losses are all the same, of which every law makes a plane. */
  private static Optional<String> alikeLosses(RunSet runs) {
    double first = runs.size() == 0 ? Double.NaN : runs.loss(0);
    return runs.size() > 1 && Arrays.stream(runs.loss()).allMatch(loss -> loss == first)
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "every loss is %.4g: runs that do not differ tell nothing of N and D; name the column of"
                    + " losses with %s if this is not it",
                first,
                Setting.LOSS))
        : Optional.empty();
  }

  /** That losses are too large to be those of language models. */
  private static Optional<String> largeLosses(RunSet runs) {
    double largest = Arrays.stream(runs.loss()).max().orElse(Double.NaN);
    return largest > LARGEST_LOSS
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "losses up to %.4g are above the logarithm of any vocabulary; laws and priors are for"
                    + " losses: if these are perplexities, fit their logarithms, as in %s \"log(ppl)\"",
                largest,
                Setting.LOSS))
        : Optional.empty();
  }

  /** What is implausible about N and D of some runs, if they have both, and what to do. */
  public static Optional<String> remark(RunSet runs) {
    if (!runs.hasSizesAndTokens()) {
      return Optional.empty();
    }
    double largestN = Arrays.stream(runs.n()).max().orElse(Double.NaN);
    double largestD = Arrays.stream(runs.d()).max().orElse(Double.NaN);
    double[] ratios =
        IntStream.range(0, runs.size()).mapToDouble(i -> runs.d(i) / runs.n(i)).sorted().toArray();
    double ratio = ratios[ratios.length / 2];
    double highRatio = ratios[(int) (NEARLY_EVERY * (ratios.length - 1))];
    if (highRatio < EXCHANGED_RATIO
        && largestN >= LEAST_LARGEST_D
        && largestD >= LEAST_LARGEST_D
        && ratio >= 1 / LARGEST_RATIO) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "D is less than N in nearly every run (D/N about %.2g), where language models see more"
                  + " tokens than they have parameters: if the columns were exchanged, name that of"
                  + " parameters with %s and that of tokens with %s",
              ratio,
              Setting.N,
              Setting.D));
    }
    boolean plausible =
        largestN >= LEAST_LARGEST_N
            && largestD >= LEAST_LARGEST_D
            && ratio >= LEAST_RATIO
            && ratio <= LARGEST_RATIO;
    return plausible
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "N up to %.3g, D up to %.3g and D/N about %.2g are not those of language models;"
                    + " N counts parameters and D tokens: convert other units, for example"
                    + " %s \"N*1e6\" and %s \"D*1e9\", with the names of your columns",
                largestN,
                largestD,
                ratio,
                Setting.N,
                Setting.D));
  }
}
