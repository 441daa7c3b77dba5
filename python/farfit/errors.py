"""What can go wrong: one exception for each exit code of the command line."""

from __future__ import annotations

from typing import Any, Mapping, Optional


class FarfitWarning(UserWarning):
    """Something that the command line would print after ``warning:``."""


class FarfitError(Exception):
    """A request that has no result. The message is the one of the command line.

    Attributes:
        code: the code of JSON-RPC, or None if the process did not answer.
        exit_code: with what the command line would have ended.
    """

    def __init__(
        self, message: str, code: Optional[int] = None, exit_code: Optional[int] = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.exit_code = exit_code


class UsageError(FarfitError, ValueError):
    """Parameters that cannot be understood."""


class InputError(FarfitError, ValueError):
    """An input that cannot be used; the message names file, line and column."""


class EngineUnavailableError(FarfitError):
    """The engine that was asked for is not available."""


class OutputError(FarfitError):
    """A result that cannot be written."""


class CancelledError(FarfitError):
    """A request that was cancelled."""


class ProcessError(FarfitError):
    """The Farfit process cannot be started, or ended before it answered."""


_BY_EXIT_CODE = {
    2: UsageError,
    3: InputError,
    5: EngineUnavailableError,
    6: OutputError,
    130: CancelledError,
}


def error_of(error: Mapping[str, Any]) -> FarfitError:
    """The exception of an error of JSON-RPC."""
    exit_code = (error.get("data") or {}).get("exitCode")
    kind = _BY_EXIT_CODE.get(exit_code or 0, FarfitError)
    return kind(error["message"], error["code"], exit_code)
