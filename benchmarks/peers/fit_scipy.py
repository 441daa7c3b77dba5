"""The same fits by SciPy, one thread: farseer by least_squares (MINPACK's lm, and trf) from the same starts in
the same coordinates; Chinchilla's law from the published grid by MINPACK on residuals whose squares are
Huber's loss, and by L-BFGS-B as in the notebook of Besiroglu et al.; analytic derivatives throughout."""
import sys
import time

import numpy as np
from scipy.optimize import least_squares, minimize

farseer = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1)
epoch = np.loadtxt(sys.argv[2], delimiter=",", skiprows=1)
best = float(sys.argv[3])
starts = np.loadtxt(sys.argv[4], delimiter=",")
log_n, log_d, t = np.log(farseer.T)
x, y, d0 = log_n - log_n.mean(), log_d - log_d.mean(), log_d.mean()


def curve(s):
    """phi = (e^(s x) - 1) / s and its derivative by s."""
    u = s * x
    if abs(s) < 1e-4:
        return x * (1 + u / 2 + u * u / 6), x * x * (0.5 + u / 3 + u * u / 8)
    phi = np.expm1(u) / s
    return phi, (x * np.exp(u) - phi) / s


def terms(p):
    fa, da = curve(p[2])
    fb, db = curve(p[5])
    fg, dg = curve(p[8])
    c, a = np.exp(p[0]), np.exp(p[0] + p[1] * fa)
    v0 = d0 * (c * (1 + p[1] * fb) - a)
    return fa, da, fb, db, fg, dg, c, a, v0, p[6] + p[7] * fg, p[3] + p[4] * fb + v0 - a * y


def residual(p):
    return np.logaddexp(*terms(p)[-2:]) - t


def jacobian(p):
    fa, da, fb, db, fg, dg, c, a, v0, u, v = terms(p)
    sb = 1 / (1 + np.exp(u - v))
    sg, by_a = 1 - sb, -sb * y
    by_alpha = a * p[1] * da
    return np.stack([sb * v0 + by_a * a, sb * d0 * (c * fb - a * fa) + by_a * a * fa, (by_a - sb * d0) * by_alpha,
                     sb, sb * fb, sb * (p[4] + c * d0 * p[1]) * db, sg, sg * fg, sg * p[7] * dg], axis=1)


for method in ["lm", "trf"]:
    tried, at = 30, 0
    begin = time.perf_counter()
    with np.errstate(all="ignore"):
        for start in starts[:tried]:
            try:
                at += least_squares(residual, start, jacobian, method=method, x_scale="jac", ftol=1e-8,
                                    xtol=1e-8, gtol=1e-10, max_nfev=100).cost <= 1.001 * best
            except ValueError:
                pass
    seconds = time.perf_counter() - begin
    print(f"farseer fit,scipy {method},good fits per second,{at / seconds:.5g},{at} of {tried} of the same starts")

x, y, t = np.log(epoch.T)
delta = 1e-3


def shares(p):
    logs = np.stack([np.full_like(x, p[0]), p[1] - p[3] * x, p[2] - p[4] * y])
    top = logs.max(axis=0)
    e = np.exp(logs - top)
    total = e.sum(axis=0)
    return top + np.log(total) - t, e / total


def rooted(p):
    """sign(r) sqrt(2 rho(r))"""
    r = shares(p)[0]
    size = np.abs(r)
    return root * np.where(size <= delta, r, np.sign(r) * np.sqrt(np.maximum(2 * delta * size - delta**2, 0)))


def rooted_jacobian(p):
    r, s = shares(p)
    size = np.abs(r)
    w = root * np.where(size <= delta, 1, delta / np.sqrt(np.maximum(2 * delta * size - delta**2, delta**2)))
    return np.stack([w * s[0], w * s[1], w * s[2], -x * w * s[1], -y * w * s[2]], axis=1)


def objective(p):
    r, s = shares(p)
    inside = np.abs(r) <= delta
    value = np.where(inside, 0.5 * r * r, delta * (np.abs(r) - 0.5 * delta)).sum()
    psi = np.where(inside, r, delta * np.sign(r)) * s
    return value, np.array([psi[0].sum(), psi[1].sum(), psi[2].sum(), -(psi[1] * x).sum(), -(psi[2] * y).sum()])


def lm(start, tolerance):
    return least_squares(rooted, start, rooted_jacobian, method="lm", x_scale="jac", ftol=tolerance,
                         xtol=tolerance, gtol=1e-10, max_nfev=100)


def grid(k):
    rest, alpha = divmod(k, 5)
    rest, beta = divmod(rest, 5)
    rest, e = divmod(rest, 5)
    b, a = divmod(rest, 6)
    return [-1 + 0.5 * e, 5.0 * a, 5.0 * b, 0.5 * alpha, 0.5 * beta]


root = np.ones_like(x)
ways = {
    "scipy lm": lambda start: lm(start, 1e-8).cost,
    "scipy L-BFGS-B": lambda start: minimize(
        objective, start, jac=True, method="L-BFGS-B",
        options={"maxiter": 5000, "maxfun": 20000, "ftol": 1e-14, "gtol": 1e-10}).fun,
}
every, least = 45, np.inf
for name, solve in ways.items():
    costs = []
    begin = time.perf_counter()
    with np.errstate(all="ignore"):
        for k in range(0, 4500, every):
            try:
                costs.append(solve(grid(k)))
            except ValueError:
                costs.append(np.inf)
    seconds = (time.perf_counter() - begin) * every
    least = min(least, min(costs))
    share = 100 * np.mean(np.array(costs) <= 1.001 * least)
    print(f"grid of 4500,{name},seconds,{seconds:.5g},{share:.0f}% of every {every}th start at the best")

random = np.random.default_rng(1)
warm = [np.log(1.817218), np.log(477.826), np.log(2143.417), 0.347310, 0.367172]
replicates = 200
begin = time.perf_counter()
for _ in range(replicates):
    root = np.sqrt(np.bincount(random.integers(len(x), size=len(x)), minlength=len(x)))
    lm(warm, 1e-6)
print(f"bootstrap,scipy lm,fits per second,{replicates / (time.perf_counter() - begin):.5g},")
