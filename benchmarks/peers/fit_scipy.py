"""The same fits by SciPy, one thread: farseer by least_squares (lm and trf) around the published
values, with analytic derivatives, and Chinchilla's law by L-BFGS-B from the published grid, as in the
notebook of Besiroglu et al."""
import sys
import time

import numpy as np
from scipy.optimize import least_squares, minimize

farseer = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1)
epoch = np.loadtxt(sys.argv[2], delimiter=",", skiprows=1)
best = float(sys.argv[3])
x, y, t = np.log(farseer.T)


def residual(p):
    a = np.exp(p[0] * np.exp(p[1] * x) + p[2])
    return np.logaddexp(p[6] * np.exp(p[7] * x) + p[8], p[3] * np.exp(p[4] * x) + p[5] - a * y) - t


def jacobian(p):
    na, nb, ng = np.exp(p[1] * x), np.exp(p[4] * x), np.exp(p[7] * x)
    a = np.exp(p[0] * na + p[2])
    g, b = p[6] * ng + p[8], p[3] * nb + p[5] - a * y
    sb = 1 / (1 + np.exp(g - b))
    sg, by_a = 1 - sb, -sb * a * y
    return np.stack([by_a * na, by_a * p[0] * na * x, by_a, sb * nb, sb * p[3] * nb * x, sb,
                     sg * ng, sg * p[6] * ng * x, sg], axis=1)


base = np.array([-0.124, 0.123, 0.424, 88.01, -0.1, -6.287, -0.021, 0.169, -0.091])
for method in ["lm", "trf"]:
    random = np.random.default_rng(1)
    starts, at = 12, 0
    begin = time.perf_counter()
    with np.errstate(all="ignore"):
        for _ in range(starts):
            start = base * (1 + 0.1 * random.uniform(-1, 1, 9))
            try:
                at += least_squares(residual, start, jacobian, method=method, x_scale="jac", ftol=1e-12,
                                    xtol=1e-12, gtol=1e-12, max_nfev=3000).cost <= 1.001 * best
            except ValueError:
                pass
    seconds = time.perf_counter() - begin
    print(f"farseer fit,scipy {method},good fits per second,{at / seconds:.5g},{at} of {starts} starts at the best")

x, y, t = np.log(epoch.T)
delta = 1e-3


def objective(p):
    terms = np.stack([np.full_like(x, p[0]), p[1] - p[3] * x, p[2] - p[4] * y])
    top = terms.max(axis=0)
    e = np.exp(terms - top)
    total = e.sum(axis=0)
    r = top + np.log(total) - t
    inside = np.abs(r) <= delta
    value = np.where(inside, 0.5 * r * r, delta * (np.abs(r) - 0.5 * delta)).sum()
    psi = np.where(inside, r, delta * np.sign(r)) * (e / total)
    return value, np.array([psi[0].sum(), psi[1].sum(), psi[2].sum(), -(psi[1] * x).sum(), -(psi[2] * y).sum()])


every, costs = 45, []
begin = time.perf_counter()
for k in range(0, 4500, every):
    rest, alpha = divmod(k, 5)
    rest, beta = divmod(rest, 5)
    rest, e = divmod(rest, 5)
    b, a = divmod(rest, 6)
    start = [-1 + 0.5 * e, 5.0 * a, 5.0 * b, 0.5 * alpha, 0.5 * beta]
    costs.append(minimize(objective, start, jac=True, method="L-BFGS-B",
                          options={"maxiter": 5000, "maxfun": 20000, "ftol": 1e-14, "gtol": 1e-10}).fun)
seconds = (time.perf_counter() - begin) * every
share = 100 * np.mean(np.array(costs) <= 1.001 * 1.0182740178e-3)
print(f"grid of 4500,scipy L-BFGS-B,seconds,{seconds:.5g},{share:.0f}% of every {every}th start at the best")
