"use strict";

// What laws call that JavaScript lacks; org.farfit.formula.Scalars says the same in Java.

// 1 / (1 + e^-a)
function sigmoid(a) {
  const t = Math.exp(-Math.abs(a));
  return (a >= 0 ? 1 : t) / (1 + t);
}

// ln(1 + e^a)
function softplus(a) {
  const log = Math.log1p(Math.exp(-Math.abs(a)));
  return a > 0 ? a + log : log;
}

// ln(e^a + e^b)
function logSum(a, b) {
  return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}

// (e^a - 1) / a, and 1 at 0
function growth(a) {
  return a === 0 ? 1 : Math.expm1(a) / a;
}

// The derivative of growth: its series near 0, where the closed form cancels.
function growthSlope(a) {
  if (Math.abs(a) >= 1) return (Math.exp(a) - Math.expm1(a) / a) / a;
  let sum = 0;
  let factorial = 1;
  let power = 1;
  for (let k = 0; k < 20; k++) {
    sum += power / (factorial * (k + 2));
    factorial *= k + 1;
    power *= a;
  }
  return sum;
}
