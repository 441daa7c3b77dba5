"""From a table of runs to a decision, on public data: how large a model for 1e24 FLOPs?

The runs are those of Hoffmann et al. 2022, figure 4, as Besiroglu et al. 2024 read them off
(docs/data.md says where to get them). Run it cell by cell in an editor that knows "# %%", or whole:

    pip install ./python
    FARFIT_DATA=/path/to/data python3 examples/from_a_frame_to_a_decision.py
"""

# %% The runs as a frame; without pandas, as a dict of columns.
import argparse
import csv
import os
from pathlib import Path

import farfit

arguments = argparse.ArgumentParser()
arguments.add_argument("--replicates", type=int, default=4000)
replicates = arguments.parse_args().replicates

path = Path(os.environ.get("FARFIT_DATA", "."), "chinchilla_svg_extracted.csv")
try:
    import pandas

    frame = pandas.read_csv(path)
except ImportError:
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    frame = {name: [row[name] for row in rows] for name in rows[0]}

runs = {
    "runs": frame,
    "n_column": "Model Size",
    "compute_column": "Training FLOP",  # D = C / (6 N)
    "where": "loss < 3.44",  # the usual 240 runs
}

# %% Which law predicts larger runs best? Hold out the quarter of runs with most compute.
errors = farfit.validate(**runs, law=["chinchilla", "skaling"], holdout="top:0.25")
held_out = [row for row in errors if row.split != "fit"]
print(errors, end="\n\n")
best = min(held_out, key=lambda row: row.mape).law
print(f"{best} predicts the held-out runs best.\n")

# %% Fit it to all runs, with replicates for intervals.
fit = farfit.fit(**runs, law=best, loss="huber:1e-3", seed=1).bootstrap(replicates)
print(fit, end="\n\n")

# %% Is there a size that the runs ask for, and how sure are they?
budget = 1e24
optimum = fit.allocate(compute=budget, within=0.5, interval=90)
print(optimum, end="\n\n")
choice, smaller = (next(r for r in optimum if r.question == q) for q in ("optimum", "within"))
low, high = choice.intervals["n"].low, choice.intervals["n"].high

# %% What would be lost with a smaller model, which is cheaper to serve?
print(fit.predict(N=[choice.n, smaller.n], D=[choice.d, smaller.d], interval=90), end="\n\n")

# %%
print(
    f"Decision: with {budget:.0e} FLOPs, train {choice.n / 1e9:.0f} B parameters on"
    f" {choice.d / 1e12:.1f} T tokens (90% interval of the optimum: {low / 1e9:.0f} to {high / 1e9:.0f} B)."
    f"\n{smaller.n / 1e9:.0f} B on {smaller.d / 1e12:.1f} T would lose half a percent."
    f"\nThis is a factor {choice.factor_beyond:.0f} beyond the runs: train one in between first."
)
