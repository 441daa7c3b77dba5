package org.farfit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers as people write them, and texts that are none. */
class QuantityTest {

  @ParameterizedTest
  @CsvSource({
    "25.1e9, 25.1e9",
    "25.1B, 25.1e9",
    "25.1G, 25.1e9",
    "200M, 2e8",
    "3T, 3e12",
    "64k, 64e3",
    "' 7 ', 7",
    "-.5, -0.5",
    "+1E-3, 1e-3",
    "5., 5"
  })
  void readsNumbersAsPeopleWriteThem(String text, double value) {
    assertThat(Quantity.parse(text)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "abc",
        "NaN",
        "Infinity",
        "1d",
        "1f",
        "0x10",
        "1,5",
        "1e",
        "--1",
        "1 2",
        "12X"
      })
  void refusesWhatJavaOrASpreadsheetWouldGuess(String text) {
    assertThatThrownBy(() -> Quantity.parse(text)).isInstanceOf(NumberFormatException.class);
  }

  /** Every number is that of the JDK to the last bit, however it is written. */
  @Test
  void readsWhatTheJdkReads() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      double value = Math.exp(100 * random.nextDouble(-1, 1));
      for (String text :
          List.of(
              Double.toString(value),
              new BigDecimal(value).toPlainString(),
              "%.3f".formatted(random.nextDouble()),
              Long.toString(random.nextLong(1, Long.MAX_VALUE)))) {
        assertThat(Quantity.parse(text)).as(text).isEqualTo(Double.parseDouble(text));
      }
    }
  }
}
