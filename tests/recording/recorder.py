"""A pytest plugin that writes every failure of a session down: the exception, its chain, and pytest's own text of it.

In: tests marked with `case(kind, **slots)`, each of which must raise. Out: the JSON file $RECORDING_OUT, a list of
records. A test that does not raise, or that no `case` describes, is itself a failure of the recording. It runs inside
throwaway environments and must work on Python 3.8 and pytest 8.
"""

import json
import os
import platform

import pytest

_records = []
_silent = []


def case(kind, /, **slots):
    """The mark that says what triagebot should make of a test's failure; kind "" where no protocol is to be seen."""
    return pytest.mark.case(kind, slots)


def statuses(*codes):
    """Parameters for HTTP answers with these statuses."""
    return [pytest.param(code, marks=case("http.status", status=str(code)), id=str(code)) for code in codes]


def certificates():
    """Parameters for the three certificates that nobody should trust."""
    return [
        pytest.param("self-signed", marks=case("tls", reason="self-signed certificate")),
        pytest.param("expired", marks=case("tls", reason="certificate has expired")),
        pytest.param("other-host", marks=case("tls", reason="hostname mismatch")),
    ]


def pytest_configure(config):
    config.addinivalue_line("markers", "case(kind, slots): what the failure should be judged to be")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if call.when == "call" and call.excinfo is None:
        _silent.append(item.nodeid)
    if call.excinfo is not None and not report.skipped:
        _records.append(_record(item, call.excinfo, report))


def _record(item, excinfo, report):
    kind, slots = item.get_closest_marker("case").args
    return {
        "client": item.module.CLIENT,
        "version": item.module.VERSION,
        "python": platform.python_version(),
        "case": item.name.replace("test_", "", 1),
        "phase": report.when,
        "type": _type_name(excinfo.value),
        "message": str(excinfo.value),
        "chain": _chain(excinfo.value),
        "longrepr": report.longreprtext,
        "shortrepr": str(item._repr_failure_py(excinfo, style="short")),
        "kind_expected": kind,
        "slots_expected": {name: value for name, value in slots.items() if value},
        "source": getattr(item.module, "SOURCE", "recorded"),
    }


def _type_name(exc):
    cls = type(exc)
    return cls.__qualname__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__qualname__}"


def _chain(exc):
    """First raised first; `link` is how an exception led to the next."""
    found, link = [], ""
    while exc is not None and len(found) < 20:
        found.append({"type": _type_name(exc), "message": str(exc), "link": link})
        link = "cause" if exc.__cause__ is not None else "context"
        exc = exc.__cause__ or (None if exc.__suppress_context__ else exc.__context__)
    return found[::-1]


def pytest_sessionfinish(session):
    if _silent:
        session.exitstatus = 1
        print("\nDID NOT RAISE: " + ", ".join(_silent))
    with open(os.environ["RECORDING_OUT"], "w", encoding="utf-8") as out:
        json.dump(_records, out)
