package org.farfit.formula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.farfit.data.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The language: what expressions mean, and where errors point. */
class ParserTest {

  /** The value of an expression with one parameter p that is added as 0. */
  private static double value(String expression) {
    Model model = Model.of(LawText.formula("p + 0*N + " + expression));
    int root = model.responses().getFirst().root();
    Interpreter interpreter = new Interpreter(model.graph(), root);
    interpreter.run(new double[] {0}, new double[] {3}, null);
    return interpreter.value(root);
  }

  @ParameterizedTest
  @CsvSource({
    "2*3 + 4, 10",
    "2 - 3 - 4, -5",
    "24/2/3, 4",
    "-2^2, -4",
    "2^-1, 0.5",
    "2^3^2, 512",
    "(-2)^3, -8",
    "1.5k, 1500",
    "2e3, 2000",
    ".5B, 5e8",
    "min(4; 2) + max(1; 5; 3), 7",
    "ln(exp(2)) + log10(1000), 5",
    "sqrt(16) + abs(-3) + sign(-7), 6",
    "tanh(0) + sigmoid(0) + softplus(0), 1.1931471805599454",
    "2*-3, -6",
  })
  void expressionsMeanWhatMathematicsSays(String expression, double expected) {
    assertThat(value(expression.replace(';', ','))).isCloseTo(expected, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "E + A*N^ | 9 | the formula ends here",
        "E + (A*N | 9 | ')' to close the bracket at character 5",
        "E + A*N) | 8 | expected an operator or the end",
        "E + 2A | 6 | right after a number",
        "E ** N | 3 | '^' for a power",
        "E + exq(N) | 5 | nearest is 'exp'",
        "E + A*log(N) | 7 | write ln(x), or log10(x)",
        "E + pow(N, a) | 5 | write x^y",
        "E + exp | 5 | is a function",
        "E + min(N) | 5 | expected two or more",
        "E + A*$N | 7 | found '$'",
        "E[ + N | 4 | column of categories",
        "E + N; A*N | 8 | a second expression",
        "a = E*N; a = A*N; a + 1 | 10 | defined twice",
      })
  void errorsPointAtTheCharacter(String formula, int character, String problem) {
    assertThatThrownBy(() -> Model.of(LawText.formula(formula)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("character " + character + ":")
        .hasMessageContaining(problem);
  }

  @Test
  void monstersEndWithAMessage() {
    String deep = "(".repeat(10_000) + "E" + ")".repeat(10_000);
    String signs = "-".repeat(10_000) + "E";
    String powers = "E" + "^2".repeat(10_000);
    for (String formula : List.of(deep, signs, powers)) {
      assertThatThrownBy(() -> Model.of(LawText.formula(formula)))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("nested more than");
    }
    assertThatThrownBy(() -> Model.of(LawText.formula("E" + "+N".repeat(500_000))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("1000001 characters");
    Model flat = Model.of(LawText.formula("E" + "+N".repeat(20_000)));
    assertThat(flat.parameters()).hasSize(1);
  }

  @Test
  void aNameThatIsUsedIsAnAbbreviationAndOneThatIsNotAResponse() {
    Model model =
        Model.of(
            LawText.formula("u = ln(lr); acc = a + b*u; nll = c*u"),
            Set.of("lr", "acc", "nll"),
            Set.of("acc", "nll"));
    assertThat(model.responses().stream().map(Model.Response::name)).containsExactly("acc", "nll");
    assertThat(model.columns()).containsExactly("lr");
    assertThat(model.parameters().stream().map(Model.Parameter::name))
        .containsExactly("a", "b", "c");
  }

  @Test
  void parametersHaveIndices() {
    Model model = Model.of(LawText.formula("E[domain] + A[domain, seed]*N^-alpha"));
    assertThat(model.indices()).containsExactly("domain", "seed");
    assertThatThrownBy(() -> Model.of(LawText.formula("E[domain]*N + E")))
        .hasMessageContaining("other indices");
  }

  @Test
  void boundsMustBeOfParameters() {
    Map<String, Bounds> bounds = Map.of("alpa", Bounds.POSITIVE);
    assertThatThrownBy(() -> Model.of(LawText.formula("E + N^-alpha", bounds)))
        .hasMessageContaining("'alpa'")
        .hasMessageContaining("nearest is 'alpha'");
  }

  @Test
  void aFormulaWithoutParametersIsRefused() {
    assertThatThrownBy(() -> Model.of(LawText.formula("N + D")))
        .hasMessageContaining("no parameters");
  }

  @Test
  void lawFilesAreStrict() {
    String good =
        "name: mine\nloss: E + A*N^-alpha\nparameters: {E: positive, A: [1, 2k], alpha: any}\n";
    LawText law = LawFile.parse("mine.yaml", good);
    assertThat(law.bounds().get("A")).isEqualTo(Bounds.between(1, 2000));
    assertThat(Model.of(law).columns()).containsExactly("N");
    assertThatThrownBy(() -> LawFile.parse("mine.yaml", good + "colums: {N: []}\n"))
        .hasMessageContaining("unknown key 'colums'; nearest is 'columns'");
    assertThatThrownBy(
            () -> Model.of(LawFile.parse("mine.yaml", good.replace("N^-alpha", "N^-alhpa"))))
        .hasMessageContaining("nearest is 'alpha'");
    assertThatThrownBy(() -> LawFile.parse("mine.yaml", good.replace("[1, 2k]", "[2, 1]")))
        .hasMessageContaining("parameters.A");
  }

  /** What a file does not name is a parameter of any sign, unless it looks like a slip. */
  @Test
  void lawFilesNeedNotNameEveryParameter() {
    String file =
        """
        columns: {N: [params], D: [tokens], U: [unique_tokens]}
        let:
          repeats: D/U - 1
          effective: U*(1 + R*(1 - exp(-repeats/R)))
        loss: E + A*N^-alpha + B*effective^-beta
        parameters: {E: positive, A: positive, B: positive, R: [0.1, 100]}
        """;
    Model model = Model.of(LawFile.parse("mine.yaml", file));
    assertThat(model.columns()).containsExactlyInAnyOrder("N", "D", "U");
    assertThat(model.parameters())
        .filteredOn(parameter -> parameter.bounds().equals(Bounds.NONE))
        .extracting(Model.Parameter::name)
        .containsExactlyInAnyOrder("alpha", "beta");
    assertThatThrownBy(
            () -> Model.of(LawFile.parse("mine.yaml", file.replace("effective^", "efective^"))))
        .hasMessageContaining("unknown name 'efective'; nearest is 'effective'");
  }

  @Test
  void everyLawOfTheShelfIsUnderstood() {
    assertThat(Shelf.names()).contains("kaplan", "chinchilla", "skaling", "farseer");
    for (String name : Shelf.names()) {
      LawText law = Shelf.named(name).orElseThrow();
      assertThat(law.name()).isEqualTo(name);
      assertThat(law.source()).isNotEmpty();
      Model model = Model.of(law);
      assertThat(model.parameters().stream().map(Model.Parameter::name).toList())
          .containsExactlyInAnyOrderElementsOf(law.bounds().keySet());
      assertThat(law.bounds().keySet()).containsAll(law.coefficients().keySet());
    }
    assertThat(Shelf.named("nothing")).isEmpty();
    assertThat(Collections.max(Shelf.names())).isNotEmpty();
  }
}
