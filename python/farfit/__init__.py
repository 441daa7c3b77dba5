"""Farfit: fits neural scaling laws, and predicts and decides with them.

    import farfit

    fit = farfit.fit(df, law="E + A*N^-alpha + B*D^-beta")
    print(fit.bootstrap(10_000).predict(N=25.1e9, D=3.2e11))

The work is done by a Farfit process that stays warm between calls; see ``farfit.Client``.
"""

from .api import Fit, call, fit, laws, load, sweep, validate
from .client import Call, Client
from .errors import (
    CancelledError,
    EngineUnavailableError,
    FarfitError,
    FarfitWarning,
    InputError,
    OutputError,
    ProcessError,
    UsageError,
)
from .results import ComparedPoint, Ends, HeldOut, LawEntry, Optimum, Prediction, Predictions, Table

__version__ = "0.1.0"

__all__ = [
    "Call",
    "CancelledError",
    "Client",
    "ComparedPoint",
    "Ends",
    "EngineUnavailableError",
    "FarfitError",
    "FarfitWarning",
    "Fit",
    "HeldOut",
    "InputError",
    "LawEntry",
    "Optimum",
    "OutputError",
    "Prediction",
    "Predictions",
    "ProcessError",
    "Table",
    "UsageError",
    "call",
    "fit",
    "laws",
    "load",
    "sweep",
    "validate",
]
