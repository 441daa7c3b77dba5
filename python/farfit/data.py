"""Tables of other libraries as JSON, and back. Nothing is imported that is not there already."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Dict, List, Mapping, Sequence, Union

#: A file, columns by name, a list of rows, or a frame (pandas, Polars, Arrow, NumPy with names).
Runs = Union[str, "os.PathLike[str]", Mapping[str, Any], Sequence[Mapping[str, Any]], Any]

#: Stands for runs that are not given: those of the bundled example. ``None`` is none of them, since it is
#: what a function gives that forgot to return its table.
EXAMPLE: Any = type("Example", (), {"__repr__": lambda self: "the bundled example"})()

_MISSING = {"NAType", "NaTType"}


def cell(value: Any) -> Any:
    """A value as JSON has it; None for what is missing or not a number."""
    if type(value).__name__ in _MISSING:
        return None
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        value = value.item()
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, float):
        if value != value:
            return None
        return value if abs(value) != float("inf") else str(value)
    try:
        return cell(float(value))
    except (TypeError, ValueError):
        return str(value)


def column(values: Any) -> List[Any]:
    """A column as a list."""
    listed = values.tolist() if hasattr(values, "tolist") else list(values)
    return [cell(value) for value in listed]


def runs(data: Runs) -> Union[str, Dict[str, List[Any]], List[Dict[str, Any]]]:
    """Runs as a request has them: the absolute name of a file, columns, or rows.

    Raises:
        TypeError: if it is nothing of the kind.
    """
    if isinstance(data, (str, os.PathLike)):
        return str(Path(data).absolute())
    if isinstance(data, Mapping):
        return {str(name): column(data[name]) for name in data}
    names = getattr(getattr(data, "dtype", None), "names", None)
    if names is None:
        names = getattr(data, "column_names", None)  # Arrow
    if names is None and hasattr(data, "__getitem__"):
        names = getattr(data, "columns", None)  # pandas, Polars
    if names is not None:
        return {str(name): _listed(data[name]) for name in names}
    if isinstance(data, Sequence):
        rows = [row for row in data if isinstance(row, Mapping)]
        if len(rows) == len(data):
            return [{str(k): cell(v) for k, v in row.items()} for row in rows]
    raise TypeError(
        f"runs are a file name, a dict of columns, a list of dicts or a frame, not {type(data).__name__}"
    )


def _listed(values: Any) -> List[Any]:
    for method in ("to_pylist", "to_list"):
        if hasattr(values, method):
            return column(getattr(values, method)())
    return column(values)


def number(value: Any) -> Any:
    """A number or a text such as ``25.1B`` as JSON."""
    return value if isinstance(value, str) else cell(value)


def numbers(values: Any) -> List[Any]:
    """One number or several as a list."""
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        return [number(values)]
    return [number(value) for value in column(values)]


def array(values: List[Any]) -> Any:
    """Numbers as a NumPy array where NumPy is installed, else as a list."""
    try:
        import numpy  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return values
    return numpy.array([float("nan") if value is None else value for value in values])


def frame(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Rows as a pandas frame.

    Raises:
        ImportError: if pandas is not installed.
    """
    try:
        import pandas  # type: ignore[import-untyped, import-not-found, unused-ignore]
    except ImportError as e:
        raise ImportError("frames need pandas: pip install pandas; .rows has the same as dicts") from e
    return pandas.DataFrame(rows)
