package org.farfit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
}
