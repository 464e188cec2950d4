"""First calls of functions of the project in a window of time, through `sys.monitoring` (Python 3.12 and newer).

In: which files belong to the project. Out: (function, caller, place) in order, each function once. Two tool ids that are free are taken: with one,
every function of the process is looked at once, to find those of the project; with the other these are watched, and switched off for the rest of
the window by their first call. `restart_events` is never called: it would make other tools, such as coverage, pay again for every line.
It has no assert to rewrite: PYTEST_DONT_REWRITE.
"""

import os
import sys
import threading
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

Call = tuple[str, str, str]
"""(function as `module:qualname`, its first caller within the project or "", path:line of its definition)."""

MOST = 2_000
"""Calls of one window that are kept."""
_DEPTH = 100
_IDS = (4, 3, 5, 0)
"""Tool ids in the order in which they are tried. 1 and 2 are those of coverage tools and profilers, which may come later."""
_OPTIMIZED = 0x01  # of `co_flags`: functions have it, bodies of modules and classes do not
_UNNAMED = ("<genexpr>", "<listcomp>", "<setcomp>", "<dictcomp>")


class Calls:
    """Watches the project's functions from `start` to `stop`; `taken` gives what was called since it was last asked."""

    def __init__(self, is_project: Callable[[str], bool], root: str) -> None:
        self._is_project = is_project
        self._root = root
        self._names: dict[int, tuple[CodeType, str, str]] = {}
        self._ours: dict[str, bool] = {}
        self._off: list[CodeType] = []
        self._called: dict[int, tuple[int, int, int]] = {}
        self._ids: tuple[int, ...] = ()
        self.missing = (
            ""
            if hasattr(sys, "monitoring")
            else (
                f"Python {sys.version_info.major}.{sys.version_info.minor} has no sys.monitoring (3.12 has)"
            )
        )

    def start(self) -> None:
        """Begins to watch; without the facility or a free tool id `missing` says why not."""
        if self.missing or self._ids:
            return
        watch = _monitoring()
        taken: list[int] = []
        for tool in _IDS:
            if len(taken) < 2 and watch.get_tool(tool) is None:
                watch.use_tool_id(tool, "triagebot")
                taken.append(tool)
        if len(taken) < 2:
            for tool in taken:
                watch.free_tool_id(tool)
            self.missing = "other tools have taken all of sys.monitoring"
            return
        self._ids = tuple(taken)
        watch.register_callback(self._ids[0], watch.events.PY_START, self._found)
        watch.register_callback(self._ids[1], watch.events.PY_START, self._started)
        watch.set_events(self._ids[0], watch.events.PY_START)

    def stop(self) -> None:
        """Lets go of everything."""
        if not self._ids:
            return
        watch = _monitoring()
        watch.set_events(self._ids[0], 0)
        for code, _, _ in self._names.values():
            watch.set_local_events(self._ids[1], code, 0)
        for tool in self._ids:
            watch.register_callback(tool, watch.events.PY_START, None)
            watch.free_tool_id(tool)
        self._ids = ()

    def swapped(
        self, called: dict[int, tuple[int, int, int]] | None = None
    ) -> dict[int, tuple[int, int, int]]:
        """Begins a new window, or goes on with an earlier one; gives that which ends here."""
        before, self._called = self._called, {} if called is None else called
        off, self._off = self._off, []
        if self._ids:
            watch, tool = _monitoring(), self._ids[1]
            for code in off:
                watch.set_local_events(tool, code, 0)
                watch.set_local_events(tool, code, watch.events.PY_START)
        return before

    def of_window(self, called: dict[int, tuple[int, int, int]]) -> list[Call]:
        """The calls of a window by name: those of the main thread, then thread by thread."""
        main = threading.main_thread().ident
        threads: dict[int | None, list[Call]] = {main: []}
        for thread, code, caller in list(called.values()):
            _, name, place = self._names[code]
            above = self._names[caller][1] if caller else ""
            threads.setdefault(thread, []).append((name, above, place))
        return [call for calls in threads.values() for call in calls][:MOST]

    def _found(self, code: CodeType, _offset: int) -> Any:
        """A function that starts for the first time in this process: of the project it is watched from here on."""
        watch = _monitoring()
        try:
            if _is_function(code) and self._owns(code):
                watch.set_local_events(self._ids[1], code, watch.events.PY_START)
                self._note(code, _frame(1))
        except Exception:  # noqa: BLE001, S110 - what is lost is a step, and never a test
            pass
        return watch.DISABLE

    def _started(self, code: CodeType, _offset: int) -> Any:
        """A function of the project that starts for the first time in this window."""
        try:
            if not self._note(code, _frame(1)):
                return None
        except Exception:  # noqa: BLE001, S110 - as above
            pass
        return _monitoring().DISABLE

    def _note(self, code: CodeType, frame: FrameType) -> bool:
        """Keeps a call, unless an import makes it: what is imported when differs from run to run."""
        if id(code) in self._called:
            self._off.append(code)
            return True
        caller = self._caller(frame)
        if caller is None:
            return False
        self._named(code, frame)
        self._off.append(code)
        if len(self._called) < MOST:
            self._called[id(code)] = (threading.get_ident(), id(code), caller)
        return True

    def _caller(self, frame: FrameType) -> int | None:
        """The nearest function of the project above a frame, 0 for none, None where a body of a module or class comes first."""
        above = frame.f_back
        for _ in range(_DEPTH):
            if above is None:
                return 0
            code = above.f_code
            if self._owns(code):
                if not code.co_flags & _OPTIMIZED:
                    return None
                if code.co_name not in _UNNAMED:
                    self._named(code, above)
                    return id(code)
            elif code.co_name == "_call_with_frames_removed":  # importlib: what an import runs
                return None
            above = above.f_back
        return 0

    def _owns(self, code: CodeType) -> bool:
        """Whether a code object is of the project."""
        file = code.co_filename
        known = self._ours.get(file)
        if known is None:
            known = self._ours[file] = self._is_project(file)
        return known

    def _named(self, code: CodeType, frame: FrameType) -> None:
        """Remembers how a function is called."""
        if id(code) not in self._names:
            module = frame.f_globals.get("__name__")
            file = code.co_filename.removeprefix(self._root).replace(os.sep, "/")
            name = f"{module if isinstance(module, str) else '?'}:{code.co_qualname}"
            self._names[id(code)] = (code, name, f"{file}:{code.co_firstlineno}")


def _is_function(code: CodeType) -> bool:
    """Whether code is that of a function somebody wrote, and no body of a module, class or comprehension."""
    return bool(code.co_flags & _OPTIMIZED) and code.co_name not in _UNNAMED


_frame = sys._getframe  # noqa: SLF001 - the only way to see who calls


def _monitoring() -> Any:
    """`sys.monitoring`, of which type checkers know nothing for Python 3.11."""
    return sys.monitoring  # type: ignore[attr-defined,unused-ignore]
