"""The functions and the fit: what people call."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Union

from . import data as _data
from .client import Answer, Client, Progress, shared
from .data import Runs
from .errors import InputError, UsageError
from .results import (
    ComparedPoint,
    HeldOut,
    LawEntry,
    Optimum,
    Prediction,
    Predictions,
    Table,
    record,
)

#: A number, or a text such as ``25.1B``.
Quantity = Union[float, int, str]
#: One or several of them: a list, a NumPy array, a column of a frame.
Quantities = Union[Quantity, Sequence[Quantity], Any]
Laws = Union[str, Sequence[str]]


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _parameters(named: Mapping[str, Any]) -> Dict[str, Any]:
    """Options by their names in Python as those of a request; paths are made absolute."""
    given: Dict[str, Any] = {}
    for name, value in named.items():
        if value is None:
            continue
        if isinstance(value, os.PathLike) or (
            name in ("out", "report", "figures") and isinstance(value, str)
        ):
            value = str(Path(value).absolute())
        elif isinstance(value, (list, tuple)):
            value = [_data.number(v) if not isinstance(v, Mapping) else v for v in value]
        elif not isinstance(value, (str, bool, dict)):
            value = _data.number(value)
        given[_camel(name)] = value
    return given


class Fit:
    """Laws that were fitted to runs.

    Attributes:
        document: the fit file (docs/fit.schema.json).
        log: what the command line would have said on the way.
    """

    def __init__(
        self,
        document: Mapping[str, Any],
        request: Optional[Mapping[str, Any]] = None,
        client: Optional[Client] = None,
    ) -> None:
        self.document = dict(document)
        self.log: List[str] = list(getattr(document, "log", []))
        self._request = request
        self._client = client

    def _call(
        self, method: str, parameters: Mapping[str, Any], progress: Optional[Progress] = None
    ) -> Answer:
        return (self._client or shared()).call(method, parameters, progress)

    @property
    def fits(self) -> List[Dict[str, Any]]:
        """The fit of each law, as the document has it."""
        if "fits" in self.document:
            return list(self.document["fits"])
        return [self.document["fit"]]

    @property
    def laws(self) -> List[str]:
        """Names of the laws."""
        if "fits" in self.document:
            return [fit["law"] for fit in self.document["fits"]]
        return [self.document["law"]["name"]]

    @property
    def best(self) -> str:
        """The law to use: ``auto`` if it was asked for, else the one of least BIC."""
        if self.document.get("auto"):
            return str(self.document["auto"]["name"])
        if "fits" not in self.document:
            return self.laws[0]

        def bic(fit: Mapping[str, Any]) -> float:
            return float("inf") if fit.get("bic") is None else float(fit["bic"])

        return str(min(self.document["fits"], key=bic)["law"])

    def _one(self) -> Dict[str, Any]:
        fits = self.fits
        if len(fits) == 1:
            return fits[0]
        raise UsageError(f"several laws were fitted ({', '.join(self.laws)}); take one of .fits")

    @property
    def parameters(self) -> Dict[str, float]:
        """The parameters by name, of a fit of one law."""
        return dict(self._one()["parameters"])

    @property
    def standard_errors(self) -> Dict[str, float]:
        """Standard errors by parameter, of a fit of one law."""
        return dict(self._one()["standardErrors"])

    @property
    def status(self) -> str:
        """How the fit of one law ended; success begins with ``converged``."""
        return str(self._one()["status"])

    @property
    def converged(self) -> bool:
        """Whether every law's fit did."""
        return all(fit["status"].startswith("converged") for fit in self.fits)

    def bootstrap(
        self, replicates: int = 10_000, *, progress: Optional[Progress] = None, **options: Any
    ) -> "Fit":
        """The same fit with replicates, from which intervals are made.

        Args:
            replicates: how many resampled data sets are fitted.
            progress: is told how far the work has come.
            options: ``resampling``, ``restarts``, ``interval``, ``interval_type``.

        Raises:
            UsageError: if the fit was read from a file; fit its runs again.
        """
        if self._request is None:
            raise UsageError("this fit was read from a file: fit its runs with bootstrap=...")
        request = {**self._request, **_parameters(options)}
        request["replicates"] = replicates
        return Fit(self._call("bootstrap", request, progress), self._request, self._client)

    def predict(
        self,
        *,
        interval: float = 95,
        interval_type: Optional[str] = None,
        law: Optional[str] = None,
        progress: Optional[Progress] = None,
        **columns: Quantities,
    ) -> Predictions:
        """Losses at points.

        Args:
            interval: coverage in percent.
            interval_type: see ``farfit predict --help``.
            law: only this law of several.
            columns: the point by the law's columns, ``N=25.1e9, D="320B"``; several values make
                several points, and one value holds for all.

        Raises:
            UsageError: if a column is missing, or columns have different lengths.
        """
        values = {name: _data.numbers(each) for name, each in columns.items()}
        count = max((len(each) for each in values.values()), default=0)
        for name, each in values.items():
            if len(each) not in (1, count):
                raise UsageError(f"{name} has {len(each)} values, another column {count}")
        points = [
            {name: each[k if len(each) > 1 else 0] for name, each in values.items()}
            for k in range(count)
        ]
        if not points:
            raise UsageError("predict needs a point, such as N=25.1e9, D=3.2e11")
        asked: Dict[str, Any] = {"fit": self.document, "at": points}
        if "fits" in self.document:
            asked.update(_parameters({"interval": interval, "interval_type": interval_type}))
        answer = self._call("predict", asked, progress)
        rows = [_prediction(row, answer) for row in answer["rows"]]
        return Predictions([r for r in rows if law in (None, r.law)], answer)

    def allocate(
        self,
        *,
        compute: Optional[Quantities] = None,
        target_loss: Optional[Quantities] = None,
        for_n: Optional[Quantities] = None,
        within: Optional[float] = None,
        flops: Optional[str] = None,
        law: Optional[str] = None,
        interval: Optional[float] = None,
        progress: Optional[Progress] = None,
        **options: Any,
    ) -> Table[Optimum]:
        """N and D that suit a budget of compute, and the inverse questions.

        Args:
            compute: budgets in FLOPs.
            target_loss: which budget reaches this loss?
            for_n: for how many tokens is a model of so many parameters the optimal one?
            within: also the smallest N whose loss is within so many percent of the optimum.
            flops: FLOPs of a run as a formula in N and D; ``6*N*D`` if not given.
        """
        asked = _parameters(
            {
                "target_loss": None if target_loss is None else _data.numbers(target_loss),
                "compute": None if compute is None else _data.numbers(compute),
                "for_n": None if for_n is None else _data.numbers(for_n),
                "within": within,
                "flops": flops,
                "law": law,
                "interval": interval,
                **options,
            }
        )
        answer = self._call("allocate", {"fit": self.document, **asked}, progress)
        return Table([record(Optimum, row) for row in answer["rows"]], answer)

    def compare(
        self, other: "Fit", *, progress: Optional[Progress] = None, **options: Any
    ) -> Table[ComparedPoint]:
        """This recipe (A) and another (B): who wins where. ``document`` has the parity curve.

        Args:
            options: ``n``, ``d``, ``compute``, ``law``, ``grid``, ``flops``.
        """
        asked = _parameters(options)
        answer = self._call("compare", {"a": self.document, "b": other.document, **asked}, progress)
        points = answer["points"] or answer["grid"]
        return Table([record(ComparedPoint, row) for row in points], answer)

    def save(self, path: Union[str, "os.PathLike[str]"]) -> None:
        """Writes the fit file, which the command line reads."""
        target = Path(path)
        temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        temporary.write_text(json.dumps(self.document, indent=2) + "\n", encoding="utf-8")
        os.replace(temporary, target)

    def __repr__(self) -> str:
        return "\n".join(
            f"{name}: {fit['status']}, "
            + ", ".join(
                f"{k} = {'not known' if v is None else format(v, '.6g')}"
                for k, v in fit["parameters"].items()
            )
            for name, fit in zip(self.laws, self.fits)
        )


def _prediction(row: Mapping[str, Any], document: Mapping[str, Any]) -> Prediction:
    if "at" in row and "predictions" in row:
        loss = row["predictions"].get("loss", next(iter(row["predictions"].values()), None))
        return record(Prediction, row, law=row.get("law", document.get("law")), loss=loss)
    return record(Prediction, row, at={"N": row["n"], "D": row["d"]})


def fit(
    runs: Runs = _data.EXAMPLE,
    *,
    law: Optional[Laws] = None,
    method: Optional[str] = None,
    objective: Optional[str] = None,
    loss: Optional[str] = None,
    starts: Optional[int] = None,
    seed: Optional[int] = None,
    where: Optional[str] = None,
    n_column: Optional[str] = None,
    d_column: Optional[str] = None,
    loss_column: Optional[str] = None,
    weight_column: Optional[str] = None,
    compute_column: Optional[str] = None,
    repeats: Optional[str] = None,
    last_of: Optional[str] = None,
    bootstrap: Optional[int] = None,
    engine: Optional[str] = None,
    progress: Optional[Progress] = None,
    client: Optional[Client] = None,
    **options: Any,
) -> Fit:
    """Fits laws to runs.

    Args:
        runs: a frame, columns by name, a list of dicts, or a file; without it, the bundled example,
            which is simulated.
        law: ``kaplan``, ``chinchilla``, ``skaling``, ``farseer``, several of them, ``all`` (the
            default), ``auto``, a formula such as ``E + A*N^-alpha + B*D^-beta``, or a law file.
        method: ``global`` (the default), ``regularised`` or ``piecewise``.
        objective: residuals of log losses (``log``, the default) or of losses (``linear``).
        loss: ``squared`` (the default) or ``huber:DELTA``.
        where: a filter on rows, such as ``N > 2e8``.
        n_column: the column of N, or an expression in columns; so for D, loss and weight.
        last_of: the column that names runs, of each of which the last row alone counts.
        bootstrap: how many replicates to fit, too.
        options: any other option of ``farfit fit``, such as ``noise="size"``.

    Raises:
        InputError: if the runs cannot be used; the message names line and column.
        UsageError: if an option cannot be understood.
    """
    request = _parameters(
        {
            "law": law,
            "method": method,
            "objective": objective,
            "loss": loss,
            "starts": starts,
            "seed": seed,
            "where": where,
            "n_column": n_column,
            "d_column": d_column,
            "loss_column": loss_column,
            "weight_column": weight_column,
            "compute_column": compute_column,
            "repeats": repeats,
            "last_of": last_of,
            "engine": engine,
            **options,
        }
    )
    if runs is not _data.EXAMPLE:
        request["runs"] = _data.runs(runs)
    asked = {**request, "bootstrap": bootstrap}
    return Fit((client or shared()).call("fit", asked, progress), request, client)


def load(path: Union[str, "os.PathLike[str]"], *, client: Optional[Client] = None) -> Fit:
    """A fit file that was written before.

    Raises:
        InputError: if it is none.
    """
    try:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
    except ValueError as problem:
        raise InputError(f"{path}: is not a fit file: {problem}") from problem
    if not isinstance(document, dict) or not ("fits" in document or "fit" in document):
        raise InputError(f"{path}: is not a fit file: it has no key 'fits'")
    return Fit(document, None, client)


def validate(
    runs: Runs = _data.EXAMPLE,
    *,
    law: Optional[Laws] = None,
    holdout: Optional[str] = None,
    progress: Optional[Progress] = None,
    client: Optional[Client] = None,
    **options: Any,
) -> Table[HeldOut]:
    """Fits some of the runs and tells how well the others are predicted.

    Args:
        holdout: ``edge`` (the default), ``size``, ``compute`` or ``top:SHARE``.
        options: any other option of ``farfit validate``.
    """
    asked = _parameters({"law": law, "holdout": holdout, **options})
    if runs is not _data.EXAMPLE:
        asked["runs"] = _data.runs(runs)
    answer = (client or shared()).call("validate", asked, progress)
    return Table([record(HeldOut, row) for row in answer["rows"]], answer)


def sweep(
    spec: Union[str, "os.PathLike[str]", Mapping[str, Any]],
    *,
    out: Optional[Union[str, "os.PathLike[str]"]] = None,
    progress: Optional[Progress] = None,
    client: Optional[Client] = None,
    **options: Any,
) -> Table[Dict[str, Any]]:
    """Fits every combination that a sweep states (docs/sweeps.md).

    Args:
        spec: a file, or what it holds; inputs are files.
        out: where the table goes; without it, the rows are given.
    """
    asked = _parameters({"out": out, **options})
    asked["spec"] = dict(spec) if isinstance(spec, Mapping) else str(Path(spec).absolute())
    answer = (client or shared()).call("sweep", asked, progress)
    return Table(list(answer.get("table", [])), answer)


def laws(*, client: Optional[Client] = None) -> Table[LawEntry]:
    """The laws that have a name."""
    answer = (client or shared()).call("laws")
    return Table([record(LawEntry, row) for row in answer["laws"]], answer)


def call(
    method: str,
    *,
    progress: Optional[Progress] = None,
    client: Optional[Client] = None,
    **parameters: Any,
) -> Dict[str, Any]:
    """Any method of docs/serve.md; its document as it is.

    Args:
        parameters: ``runs`` is a frame or a file, ``fit``, ``a`` and ``b`` a Fit or a file.
    """
    asked = _parameters({k: v for k, v in parameters.items() if not isinstance(v, Fit) and k != "runs"})
    asked.update({k: v.document for k, v in parameters.items() if isinstance(v, Fit)})
    if parameters.get("runs") is not None:
        asked["runs"] = _data.runs(parameters["runs"])
    return (client or shared()).call(method, asked, progress)
