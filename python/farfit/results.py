"""What requests give: documents of docs/results.schema.json as typed objects."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Dict, Generic, Iterator, List, Mapping, Optional, Type, TypeVar, overload

from . import data as _data

_T = TypeVar("_T")


@dataclass(frozen=True)
class Ends:
    """The ends of an interval; None where unknown, or where the runs do not bound it."""

    low: Optional[float]
    high: Optional[float]


@dataclass(frozen=True)
class Prediction:
    """A loss that a law predicts.

    Attributes:
        law: the law, or ``auto``.
        at: the point, by column.
        loss: in the unit of the runs; None if there is none, and ``problem`` says why.
        low: lower end of the interval of the surface.
        high: upper end.
        run_low: lower end of the interval of a single run, which scatters around the surface.
        run_high: upper end.
        interval: how the interval was made.
        problem: why there is no loss, or no interval, or that the interval says nothing.
    """

    law: str
    at: Dict[str, Any]
    loss: Optional[float] = None
    low: Optional[float] = None
    high: Optional[float] = None
    run_low: Optional[float] = None
    run_high: Optional[float] = None
    interval: Optional[str] = None
    problem: Optional[str] = None


@dataclass(frozen=True)
class Optimum:
    """The answer to a question about compute.

    Attributes:
        question: ``optimum``, ``within``, ``target-loss`` or ``for-n``.
        compute: FLOPs.
        n: parameters.
        d: tokens.
        ratio: tokens per parameter.
        factor_beyond: by which N or D lies outside the fitted runs.
        intervals: ends by quantity.
        problem: why there is no answer, or none that can be believed.
    """

    law: str
    question: str
    compute: Optional[float] = None
    n: Optional[float] = None
    d: Optional[float] = None
    ratio: Optional[float] = None
    loss: Optional[float] = None
    factor_beyond: Optional[float] = None
    intervals: Dict[str, Ends] = field(default_factory=dict)
    problem: Optional[str] = None


@dataclass(frozen=True)
class HeldOut:
    """How well a fit predicts runs; errors in percent."""

    law: str
    method: str
    holdout: str
    split: str
    fit_runs: int
    test_runs: int
    mape: Optional[float] = None
    mean_signed: Optional[float] = None
    worst: Optional[float] = None
    worst_n: Optional[float] = None
    worst_d: Optional[float] = None
    problem: Optional[str] = None


@dataclass(frozen=True)
class ComparedPoint:
    """Two recipes at a point."""

    n: float
    d: float
    loss_a: Optional[float] = None
    loss_b: Optional[float] = None
    difference_percent: Optional[float] = None
    winner: str = "unknown"
    factor_beyond: Optional[float] = None
    probability_a: Optional[float] = None
    problem: Optional[str] = None


@dataclass(frozen=True)
class LawEntry:
    """A law that has a name; coefficients are empty where none were published."""

    law: str
    formula: str
    columns: List[str]
    responses: List[str]
    parameters: List[str]
    source: str
    notes: str = ""
    coefficients: Dict[str, float] = field(default_factory=dict)


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", lambda found: "_" + found.group(1).lower(), name)


def record(kind: Type[_T], row: Mapping[str, Any], **more: Any) -> _T:
    """A row of a document as a typed object; what the type does not know is left to the document."""
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    values = {_snake(k): v for k, v in row.items()}
    values.update(more)
    if "intervals" in known:
        values["intervals"] = {
            name: Ends(ends["low"], ends["high"])
            for name, ends in (values.get("intervals") or {}).items()
        }
    return kind(**{k: v for k, v in values.items() if k in known})


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, dict):
        return ", ".join(f"{k}={_shown(v)}" for k, v in value.items())
    if isinstance(value, Ends):
        return f"{_shown(value.low)} to {_shown(value.high)}"
    return str(value)


class Table(Generic[_T]):
    """Rows of one kind, as objects, dicts, arrays or a frame.

    Attributes:
        document: the document as the process gave it.
    """

    def __init__(self, rows: List[_T], document: Mapping[str, Any]) -> None:
        self._rows = rows
        self.document = document

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[_T]:
        return iter(self._rows)

    @overload
    def __getitem__(self, index: int) -> _T: ...

    @overload
    def __getitem__(self, index: slice) -> "List[_T]": ...

    def __getitem__(self, index: Any) -> Any:
        return self._rows[index]

    @property
    def rows(self) -> List[Dict[str, Any]]:
        """The rows as dicts."""
        return [
            dict(row) if isinstance(row, Mapping) else _flat(asdict(row))  # type: ignore[call-overload]
            for row in self._rows
        ]

    def array(self, name: str) -> Any:
        """A column of numbers: a NumPy array where NumPy is installed, else a list.

        Raises:
            KeyError: if there is no such column.
        """
        return _data.array([row[name] for row in self.rows])

    def frame(self) -> Any:
        """The rows as a pandas frame.

        Raises:
            ImportError: if pandas is not installed.
        """
        return _data.frame(self.rows)

    def _cells(self) -> "tuple[List[str], List[List[str]]]":
        rows = self.rows
        names = [n for n in (rows[0] if rows else {}) if any(row.get(n) not in (None, {}) for row in rows)]
        return names, [[_shown(row.get(name)) for name in names] for row in rows]

    def __repr__(self) -> str:
        names, cells = self._cells()
        widths = [max(len(line[k]) for line in [names, *cells]) for k in range(len(names))]
        return "\n".join(
            "  ".join(text.rjust(width) for text, width in zip(line, widths)).rstrip()
            for line in [names, *cells]
        )

    def _repr_html_(self) -> str:
        from html import escape

        names, cells = self._cells()
        lines = [("th", names), *(("td", line) for line in cells)]
        return (
            "<table>"
            + "".join(
                "<tr>" + "".join(f"<{tag}>{escape(text)}</{tag}>" for text in line) + "</tr>"
                for tag, line in lines
            )
            + "</table>"
        )


def _flat(row: Dict[str, Any]) -> Dict[str, Any]:
    """Points and intervals as columns of their own."""
    flat: Dict[str, Any] = {}
    for name, value in row.items():
        if name == "at":
            flat.update(value)
        elif name == "intervals":
            for quantity, ends in value.items():
                flat[f"{quantity}_low"] = ends["low"]
                flat[f"{quantity}_high"] = ends["high"]
        else:
            flat[name] = value
    return flat


class Predictions(Table[Prediction]):
    """Predicted losses; ``float()`` gives the one loss where there is one."""

    def __float__(self) -> float:
        if len(self) != 1 or self[0].loss is None:
            raise ValueError(
                f"there are {len(self)} predictions, of {', '.join(sorted({p.law for p in self}))};"
                " choose one"
                if len(self) != 1
                else f"there is no prediction: {self[0].problem}"
            )
        return self[0].loss

    @property
    def loss(self) -> Any:
        """The losses: a NumPy array where NumPy is installed, else a list."""
        return self.array("loss")
