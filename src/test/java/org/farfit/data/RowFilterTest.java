package org.farfit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which rows a condition keeps, and what is said of one that cannot be read. */
class RowFilterTest {

  private static final String TABLE =
      """
      N,D,L,recipe,D/N,Model Size
      1e8,1e9,3.5,a,10,1
      2e8,2e9,3.0,b,10,2
      3e8,9e9,2.5,a,30,3
      4e8,8e9,2.25,,20,4
      """;

  private static double[] keep(String where) {
    return RunFile.parse(
            "t.csv", TABLE.getBytes(StandardCharsets.UTF_8), ColumnOptions.usual().where(where))
        .runs()
        .loss();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "N > 2e8                         | 2.5 2.25",
        "N >= 200M                       | 3.0 2.5 2.25",
        "2e8 < N                         | 2.5 2.25",
        "L = 2.5                         | 2.5",
        "L == 2.5 or L = 3               | 3.0 2.5",
        "L != 2.5                        | 3.5 3.0 2.25",
        "recipe = 'a'                    | 3.5 2.5",
        "recipe != 'a' and N < 4e8       | 3.0",
        "D/N > 15                        | 2.5 2.25",
        "\"Model Size\" <= 2             | 3.5 3.0",
        "`Model Size`<=2                 | 3.5 3.0",
        "N < 2e8 or N > 3e8 and L > 9    | 3.5",
        "(N < 2e8 or N > 3e8) and L < 3  | 2.25",
        "N>1.5e8 AND (D/N=10 OR D/N=20)  | 3.0 2.25",
        "recipe != 'a'                   | 3.0",
        "not recipe = 'a'                | 3.0",
        "not (recipe = 'a' and N > 2e8)  | 3.5 3.0",
        "recipe is empty                 | 2.25",
        "recipe = ''                     | 2.25",
        "recipe is not empty             | 3.5 3.0 2.5",
        "recipe != ''                    | 3.5 3.0 2.5",
        "not recipe is empty and N < 3e8 | 3.5 3.0",
        "recipe in ('b', 'c')            | 3.0",
        "recipe not in ('b', 'c')        | 3.5 2.5",
        "N in (100M,3e8)                 | 3.5 2.5",
        "recipe like '_'                 | 3.5 3.0 2.5",
        "recipe not like '%a%'           | 3.0",
        "L like '2.%5'                   | 2.5 2.25",
        "recipe = 'a' or recipe != 'a' or N = 4e8 | 3.5 3.0 2.5 2.25"
      })
  void keepsRowsThatPass(String where, String losses) {
    double[] expected =
        Arrays.stream(losses.strip().split(" ")).mapToDouble(Double::parseDouble).toArray();
    assertThat(keep(where.strip())).containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "N >            | found the end, expected a column",
        "N 2e8          | found '2e8', expected one of < <=",
        "(N > 1         | found the end, expected ')'",
        "N > 1 L > 2    | found 'L', expected 'and', 'or' or the end",
        "X > 1          | no column 'X'",
        "recipe > 'a'   | text can be compared with = and !=",
        "recipe > 1     | line 2: column 'recipe': found 'a', expected a number",
        "N > 1 'open    | cannot read",
        "N is           | found the end, expected 'empty'",
        "N in 3         | found '3', expected '('",
        "N in (3        | found the end, expected ')'",
        "N like 3       | found '3', expected a pattern in single quotes",
        "N not > 3      | found '>', expected one of",
        "N > 9e9        | no row passes"
      })
  void saysWhatIsWrong(String where, String message) {
    assertThatThrownBy(() -> keep(where.strip()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message.strip());
  }

  @Test
  void textMayHoldQuotes() {
    String table = "N,D,L,x\n1,2,3,it's\n1,2,4,its\n";
    assertThat(
            RunFile.parse(
                    "t.csv",
                    table.getBytes(StandardCharsets.UTF_8),
                    ColumnOptions.usual().where("x = 'it''s'"))
                .runs()
                .loss())
        .containsExactly(3);
  }

  @Test
  void emptyCellsPassNoComparison() {
    String table = "N,D,L,x\n1,2,3,\n1,2,4,NaN\n1,2,5,7\n";
    for (String where :
        new String[] {
          "x > 0", "x = 7", "x != 3", "not x = 3", "x != '3'", "not x in (3)", "not x like '3'"
        }) {
      assertThat(
              RunFile.parse(
                      "t.csv",
                      table.getBytes(StandardCharsets.UTF_8),
                      ColumnOptions.usual().where(where))
                  .runs()
                  .loss())
          .containsExactly(5);
    }
  }
}
