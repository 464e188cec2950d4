"""Robot Framework's output.xml of all schema versions: suites in suites, tests, keywords in them.

In: a `File`. Out: a `Report`. Source: https://github.com/robotframework/robotframework/tree/master/doc/schema
"""

from collections.abc import Iterator
from typing import Any

from triagebot.reports.decoding import File
from triagebot.reports.model import Case, Report
from triagebot.reports.robot_results import attempts
from triagebot.reports.runner_cases import case, report, seconds
from triagebot.reports.xml_documents import document_of, root_of

NAME = "robot-xml"

_BRANCHES = {"kw", "for", "iter", "if", "branch", "try", "while", "group"}


def looks(head: str) -> bool:
    """Whether a text starts like an output.xml."""
    return root_of(head) == "robot"


def read(file: File) -> Report:
    """The Report of an output.xml."""
    root, problems = document_of(file, frozenset({"robot"}), "test")
    return report(file, NAME, list(_cases(root)), complete=not problems, problems=problems)


def _cases(root: Any) -> Iterator[Case]:
    """The tests of all suites, outer ones first."""
    waiting: list[tuple[Any, tuple[str, ...]]] = [(suite, ()) for suite in reversed(root.findall("suite"))]
    while waiting:
        suite, around = waiting.pop()
        names = (*around, suite.get("name") or "")
        yield from (_case(test, ".".join(names)) for test in suite.findall("test"))
        waiting += [(inner, names) for inner in reversed(suite.findall("suite"))]


def _case(test: Any, suite: str) -> Case:
    status = test.find("status")
    said = "" if status is None else "".join(status.itertext())
    attributes = {} if status is None else status.attrib
    told = attempts(
        attributes.get("status", "FAIL"),
        said,
        seconds(attributes.get("elapsed")),
        _trail(test),
        list(_logged(test)),
    )
    return case(f"{suite}.{test.get('name') or ''}", told)


def _trail(test: Any) -> list[str]:
    """The keywords that failed, outermost first, with their arguments."""
    found, element = list[str](), test
    while len(found) < 30:
        failed = [child for child in element if child.tag in _BRANCHES and _status(child) == "FAIL"]
        if not failed:
            break
        element = failed[0]
        if element.get("name"):
            arguments = "    ".join("".join(argument.itertext()) for argument in element.iter("arg"))
            found.append(
                f"{'.'.join(filter(None, (element.get('owner') or element.get('library'), element.get('name'))))}    {arguments}"[
                    :500
                ].rstrip()
            )
    return found


def _status(element: Any) -> str:
    status = element.find("status")
    return "" if status is None else status.get("status") or ""


def _logged(test: Any) -> Iterator[tuple[str, str]]:
    for message in test.iter("msg"):
        yield message.get("level") or "INFO", "".join(message.itertext())
