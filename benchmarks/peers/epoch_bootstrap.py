"""Bootstrap standard errors of Chinchilla's exponents on the Epoch runs, with SciPy alone.

Independent of Farfit: own objective, own optimiser, own random numbers. Usage:

    python3 epoch_bootstrap.py [REPLICATES] [DELTA]    (needs FARFIT_DATA, NumPy and SciPy)
"""

import csv
import os
import sys
import time

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp

replicates = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
delta = float(sys.argv[2]) if len(sys.argv) > 2 else 1e-3

with open(os.path.join(os.environ["FARFIT_DATA"], "chinchilla_svg_extracted.csv")) as file:
    rows = [r for r in csv.DictReader(file) if float(r["loss"]) < 3.44]
n = np.array([float(r["Model Size"]) for r in rows])
d = np.array([float(r["Training FLOP"]) for r in rows]) / (6 * n)
log_loss = np.log([float(r["loss"]) for r in rows])
log_n, log_d = np.log(n), np.log(d)


def objective(x, chosen):
    a, b, e, alpha, beta = x
    terms = np.stack([a - alpha * log_n[chosen], b - beta * log_d[chosen], np.full(len(chosen), e)])
    total = logsumexp(terms, axis=0)
    r = total - log_loss[chosen]
    shares = np.exp(terms - total)
    inside = np.abs(r) <= delta
    cost = np.where(inside, 0.5 * r * r, delta * (np.abs(r) - 0.5 * delta)).sum()
    psi = np.clip(r, -delta, delta)
    gradient = np.array([
        (psi * shares[0]).sum(),
        (psi * shares[1]).sum(),
        (psi * shares[2]).sum(),
        -(psi * shares[0] * log_n[chosen]).sum(),
        -(psi * shares[1] * log_d[chosen]).sum(),
    ])
    return cost / delta, gradient / delta


def fit(chosen, start):
    found = minimize(objective, start, (chosen,), jac=True, method="BFGS", options={"maxiter": 2000, "gtol": 1e-6})
    return found.x


start = fit(np.arange(len(n)), np.array([np.log(482.01), np.log(2085.43), np.log(1.8172), 0.3478, 0.3658]))
random = np.random.default_rng(1)
began = time.time()
found = np.array([fit(random.integers(0, len(n), len(n)), start) for _ in range(replicates)])
print("delta %g, %d replicates, %.1f s" % (delta, replicates, time.time() - began))
for name, values in (("alpha", found[:, 3]), ("beta", found[:, 4])):
    print("%s: standard error %.5f, 90%% interval %.4f to %.4f" % (
        name, values.std(ddof=1), *np.quantile(values, [0.05, 0.95])))
