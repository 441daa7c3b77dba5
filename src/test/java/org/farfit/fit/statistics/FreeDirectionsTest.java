package org.farfit.fit.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.stream.IntStream;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.junit.jupiter.api.Test;

/** What is left to move when some directions are held. */
class FreeDirectionsTest {

  private static final Centre CENTRE = new Centre(0, 0, 0);

  /** The directions that a law leaves whose parameters at a limit hold these. */
  private static FreeDirections holding(double[]... normals) {
    int p = normals[0].length;
    Law law =
        (Law)
            Proxy.newProxyInstance(
                Law.class.getClassLoader(),
                new Class<?>[] {Law.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "parameterCount" -> p;
                      case "fixedDirections" -> normals;
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    List<Integer> fixed = IntStream.range(0, normals.length).boxed().toList();
    return FreeDirections.of(law, CENTRE, new double[p], fixed);
  }

  /** What each of the directions does, checked to be of length 1 and at right angles. */
  private static double[][] basis(FreeDirections free) {
    double[][] basis = new double[free.count()][];
    for (int k = 0; k < basis.length; k++) {
      double[] step = new double[basis.length];
      step[k] = 1;
      basis[k] = free.parameters(step);
      for (int l = 0; l <= k; l++) {
        assertThat(FitResiduals.dot(basis[k], basis[l])).isCloseTo(k == l ? 1 : 0, within(1e-12));
      }
    }
    return basis;
  }

  /** x + y and y + z are held, so that (1, -1, 1) is all that moves. */
  @Test
  void whatMovesLeavesAloneWhatIsHeld() {
    double[][] basis = basis(holding(new double[] {1, 1, 0}, new double[] {0, 1, 1}));
    assertThat(basis).hasNumberOfRows(1);
    double sign = Math.signum(basis[0][0]);
    double third = 1 / Math.sqrt(3);
    assertThat(basis[0])
        .containsExactly(new double[] {sign * third, -sign * third, sign * third}, within(1e-12));
  }

  /** Two limits that hold the same thing hold one direction, not two. */
  @Test
  void whatIsHeldTwiceIsHeldOnce() {
    double[] normal = {1, 1, 0, 2};
    double[][] basis = basis(holding(normal, new double[] {-2, -2, 0, -4}));
    assertThat(basis).hasNumberOfRows(3);
    for (double[] direction : basis) {
      assertThat(FitResiduals.dot(direction, normal)).isCloseTo(0, within(1e-12));
    }
  }

  @Test
  void parametersThatAreHeldAloneLeaveTheOthersAsTheyAre() {
    FreeDirections free = holding(new double[] {3, 0, 0}, new double[] {0, 1, 0});
    assertThat(free.count()).isEqualTo(1);
    assertThat(free.parameters(new double[] {2})).containsExactly(0, 0, 2);
    assertThat(free.covariance(new double[][] {{5}}))
        .isDeepEqualTo(new double[][] {{0, 0, 0}, {0, 0, 0}, {0, 0, 5}});
    assertThat(free.along(new double[][] {{7, 8, 9}})).isDeepEqualTo(new double[][] {{9}});
  }

  /** Along (1, -1) / sqrt 2: derivatives by differences, and a covariance that adds up to 0. */
  @Test
  void derivativesAndCovariancesAreTakenAlong() {
    FreeDirections free = holding(new double[] {1, 1});
    double[][] along = free.along(new double[][] {{5, 2}});
    assertThat(Math.abs(along[0][0])).isCloseTo(3 / Math.sqrt(2), within(1e-12));
    double[][] covariance = free.covariance(new double[][] {{8}});
    assertThat(covariance[0]).containsExactly(new double[] {4, -4}, within(1e-12));
    assertThat(covariance[1]).containsExactly(new double[] {-4, 4}, within(1e-12));
  }
}
