"""A Farfit process, and requests to it: JSON-RPC 2.0, one message a line (docs/serve.md)."""

from __future__ import annotations

import atexit
import collections
import itertools
import json
import os
import shutil
import subprocess
import threading
import warnings
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

from .errors import CancelledError, FarfitWarning, ProcessError, error_of

#: Receives a task, how many of its steps are done, and how many there are.
Progress = Callable[[str, int, int], None]

_WARNING = "warning: "

#: Lines of standard error that are told if the process ends.
_LAST_LINES = 20


def launcher() -> List[str]:
    """The command that starts Farfit.

    Raises:
        ProcessError: if there is none.
    """
    named = os.environ.get("FARFIT")
    if named:
        return [named]
    found = shutil.which("farfit")
    if found:
        return [found]
    clone = Path(__file__).resolve().parents[2] / "bin" / "farfit"
    if clone.is_file():
        return [str(clone)]
    raise ProcessError(
        "no farfit was found; set the environment variable FARFIT to its launcher,"
        " such as /path/to/farfit/bin/farfit, or put it on the PATH"
    )


class _Pending:
    """A request that waits for its answer, and what was said of it meanwhile."""

    def __init__(self, progress: Optional[Progress]) -> None:
        self.future: "Future[Answer]" = Future()
        self.progress = progress
        self.log: List[str] = []


class Answer(Dict[str, Any]):
    """A result, with the lines that were logged on the way to it."""

    log: List[str]


class Call:
    """A request that is being worked on."""

    def __init__(self, client: "Client", number: int, pending: _Pending) -> None:
        self._client = client
        self._number = number
        self._pending = pending

    def result(self, timeout: Optional[float] = None) -> Answer:
        """Waits for the result.

        Raises:
            FarfitError: if there is none; of the kind that says why.
            concurrent.futures.TimeoutError: if it takes longer; the request goes on.
        """
        try:
            return self._pending.future.result(timeout)
        except KeyboardInterrupt:
            self.cancel()
            raise

    def done(self) -> bool:
        """Whether there is a result, or an error."""
        return self._pending.future.done()

    def cancel(self) -> None:
        """Cancels the request, which then ends with a CancelledError."""
        self._client._send({"jsonrpc": "2.0", "method": "cancel", "params": {"id": self._number}})


class Client:
    """A Farfit process. Thread-safe: requests of several threads run at once.

    Args:
        command: what starts Farfit, without ``serve``; found by itself if it is not given.
    """

    def __init__(self, command: Optional[Sequence[str]] = None) -> None:
        self._numbers = itertools.count(1)
        self._pending: Dict[int, _Pending] = {}
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._over = False
        self._last: "collections.deque[str]" = collections.deque(maxlen=_LAST_LINES)
        try:
            self._process = subprocess.Popen(
                [*(command or launcher()), "serve"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                # Ctrl-C is for Python, which cancels what it waits for.
                start_new_session=True,
            )
        except OSError as e:
            raise ProcessError(f"farfit cannot be started: {e}") from e
        self._owner = os.getpid()
        self._threads = [
            threading.Thread(target=run, name="farfit", daemon=True)
            for run in (self._read, self._read_errors)
        ]
        for thread in self._threads:
            thread.start()
        atexit.register(self.close)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def is_alive(self) -> bool:
        """Whether the process runs and is this process's own."""
        return os.getpid() == self._owner and self._process.poll() is None

    def close(self) -> None:
        """Ends the process; requests that are not answered end with a ProcessError."""
        atexit.unregister(self.close)
        if os.getpid() != self._owner:
            return
        try:
            if self._process.stdin is not None:
                self._process.stdin.close()
        except OSError:
            pass
        if self._pending:
            self._process.terminate()
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for thread in self._threads:
            thread.join(timeout=5)
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    def start(
        self,
        method: str,
        parameters: Optional[Mapping[str, Any]] = None,
        progress: Optional[Progress] = None,
    ) -> Call:
        """Asks for something and does not wait for it.

        Args:
            method: a method of docs/serve.md.
            parameters: its parameters; what is None is left out.
            progress: is told how far the work has come, on a thread of the client.
        """
        pending = _Pending(progress)
        number = next(self._numbers)
        given = {k: v for k, v in (parameters or {}).items() if v is not None}
        with self._lock:
            if self._over:
                raise ProcessError(self._ended())
            self._pending[number] = pending
        try:
            self._send({"jsonrpc": "2.0", "id": number, "method": method, "params": given})
        except BaseException:
            with self._lock:
                self._pending.pop(number, None)
            raise
        return Call(self, number, pending)

    def call(
        self,
        method: str,
        parameters: Optional[Mapping[str, Any]] = None,
        progress: Optional[Progress] = None,
    ) -> Answer:
        """Asks for something and waits for it; warns of what the command line would warn of.

        Raises:
            FarfitError: if there is no result; of the kind that says why.
        """
        answer = self.start(method, parameters, progress).result()
        for line in answer.log:
            if line.startswith(_WARNING):
                warnings.warn(line[len(_WARNING) :], FarfitWarning, stacklevel=4)
        return answer

    def _send(self, message: Mapping[str, Any]) -> None:
        line = json.dumps(message, allow_nan=False).encode("utf-8") + b"\n"
        with self._sending:
            try:
                assert self._process.stdin is not None
                self._process.stdin.write(line)
                self._process.stdin.flush()
            except (OSError, ValueError) as e:
                raise ProcessError(self._ended()) from e

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.strip():
                self._take(json.loads(line))
        with self._lock:
            # From here on nobody would answer.
            self._over = True
            left = list(self._pending.values())
            self._pending.clear()
        for pending in left:
            pending.future.set_exception(ProcessError(self._ended()))

    def _read_errors(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._last.append(line.decode("utf-8", "replace").rstrip())

    def _take(self, message: Mapping[str, Any]) -> None:
        about = message.get("params", {})
        with self._lock:
            if "method" in message:
                pending = self._pending.get(about.get("id"))
            else:
                pending = self._pending.pop(message.get("id") or 0, None)
        if pending is None:
            return
        if message.get("method") == "log":
            pending.log.append(about["message"])
        elif message.get("method") == "progress":
            if pending.progress is not None:
                pending.progress(about["task"], about["done"], about["total"])
        elif "error" in message:
            pending.future.set_exception(error_of(message["error"]))
        elif "result" in message:
            answer = Answer(message["result"])
            answer.log = pending.log
            pending.future.set_result(answer)

    def _ended(self) -> str:
        said = "\n".join(self._last)
        return "the farfit process has ended" + (f"; it said:\n{said}" if said else "")


_shared: Optional[Client] = None
_sharing = threading.Lock()


def shared() -> Client:
    """The process that functions use which are given none; started when it is first needed."""
    global _shared
    with _sharing:
        if _shared is None or not _shared.is_alive():
            _shared = Client()
        return _shared


__all__ = ["Answer", "Call", "CancelledError", "Client", "Progress", "launcher", "shared"]
