package org.farfit.cli;

import java.util.EnumSet;
import java.util.Set;
import org.farfit.fit.Method;

/** What an option {@code --method} that may be absent means. */
final class Methods {

  private Methods() {}

  /** The method for a law that was named. */
  static Method orGlobal(Method chosen) {
    return chosen == null ? Method.GLOBAL : chosen;
  }

  /** The methods that {@code --law auto} may choose. */
  static Set<Method> allowed(Method chosen) {
    return chosen == null ? EnumSet.allOf(Method.class) : EnumSet.of(chosen);
  }
}
