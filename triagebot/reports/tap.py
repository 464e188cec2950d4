"""TAP 13 and 14, as node's test runner, node-tap and everything else writes it.

In: a `File`. Out: a `Report`. A subtest whose points have no subtests of their own is a test and its points are what it
asserted; a subtest with such below it is a suite. Without subtests each point is a test.
Source: https://testanything.org/tap-version-14-specification.html
"""

import itertools
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from triagebot.reports.decoding import File
from triagebot.reports.limits import NoReport
from triagebot.reports.model import Case, Report
from triagebot.reports.runner_cases import AttemptResult, Error, case, in_checkout, report, seconds

NAME = "tap"

_VERSION = re.compile(r"TAP version 1[34]\s{0,9}$", re.MULTILINE)
"""The first line of a stream that says that it is TAP. Hit: `TAP version 14`. Miss: `TAP version 12`."""
_POINT = re.compile(r"( {0,400})(not )?ok\b(?: (\d{1,9}))?(?: (?:- )?(.{0,4000}))?")
"""The result of a test: its depth, number and name. Hit: `    not ok 3 - adds`. Hit: `ok`. Miss: `okay`."""
_SUBTEST = re.compile(r"( {0,400})# Subtest: ?(.{0,4000})")
"""The heading of a subtest. Hit: `    # Subtest: cart`. Miss: `# cart`."""
_PLAN = re.compile(r"1\.\.(\d{1,9})(?: #.{0,300})?\s{0,9}")
"""How many results there are to be. Hit: `1..12`. Hit: `1..0 # skip no network`. Miss: `2..12`."""
_DIRECTIVE = re.compile(r" # ?(skip|todo)\b.{0,2000}\Z", re.IGNORECASE)
"""Why a result counts for less. Hit: ` adds # SKIP no network`. Hit: ` adds # todo`. Miss: ` adds # 5`."""
_TIME = re.compile(r" # time=(\d{1,9}(?:\.\d{1,9})?)(ms|s)\b.{0,100}\Z")
"""How long a test took, as node-tap adds it. Hit: `adds # time=12.5ms`. Miss: `adds # 12.5ms`."""
_LOOKS = re.compile(r"^1\.\.\d{1,9}\s{0,9}$", re.MULTILINE)
"""A plan on a line of its own, in a stream that does not say that it is TAP. Hit: `1..12`. Miss: `1..12 of them`."""
_RESULT = re.compile(r"^(?:not )?ok \d", re.MULTILINE)
"""A result with its number, in such a stream. Hit: `ok 1 - adds`. Hit: `not ok 2`. Miss: `ok, done`."""
_MOST_YAML = 2000


@dataclass(slots=True)
class _Point:
    """A test point and those of the subtest before it; `titled` where a `# Subtest` announced it."""

    name: str
    ok: bool
    directive: str
    duration_s: float | None
    children: list["_Point"] = field(default_factory=list)
    titled: bool = False
    yaml: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Stream:
    """The points at the outermost level, the plan there, and why the tests bailed out.

    `unclosed` are points of subtests whose own point never came: the stream was cut.
    """

    points: list[_Point]
    unclosed: list[_Point] = field(default_factory=list)
    plan: int | None = None
    bailed: str | None = None


def looks(head: str) -> bool:
    """Whether a text says that it is TAP, or has a plan and results."""
    start = head.lstrip("\ufeff\0 \t\r\n")
    return bool(_VERSION.match(start)) or bool(_LOOKS.search(head) and _RESULT.search(head))


def read(file: File) -> Report:
    """The Report of a TAP stream."""
    stream = _stream(file.text.replace("\r\n", "\n").split("\n"))
    if not (stream.points or stream.unclosed) and stream.plan is None and stream.bailed is None:
        raise NoReport("no report: TAP has results or a plan, and this has neither")
    missing = (stream.plan or 0) - len(stream.points)
    whole = stream.plan is not None and missing <= 0 and stream.bailed is None and not stream.unclosed
    problems = [
        *([f"the tests bailed out: {stream.bailed[:300]}"] if stream.bailed is not None else []),
        *([f"results that were planned and are not there: {missing}"] if missing > 0 else []),
        *(["a subtest has no result of its own: the stream was cut"] if stream.unclosed else []),
    ]
    return report(
        file, NAME, list(_cases([*stream.points, *stream.unclosed], ())), complete=whole, problems=problems
    )


def _stream(lines: Sequence[str]) -> _Stream:
    """The points of a stream; those of a subtest stand before their own, four blanks deeper, or behind it in braces."""
    levels: dict[int, list[_Point]] = {}
    titled: dict[int, str] = {}
    opened: list[tuple[int, _Point]] = []
    found = _Stream(levels.setdefault(0, []))
    last: _Point | None = None
    inside = ""
    for line in lines:
        if inside:
            if line.strip() == "..." and line.startswith(inside):
                inside = ""
            elif last is not None and len(last.yaml) < _MOST_YAML:
                last.yaml.append(line)
        elif last is not None and line.strip() == "---":
            inside = line[: len(line) - len(line.lstrip())] or " "
        elif header := _SUBTEST.fullmatch(line):
            titled[_depth(header[1])] = header[2].strip()
        elif point := _POINT.fullmatch(line):
            depth = _depth(point[1])
            last = _point(point, levels, titled, depth)
            levels.setdefault(depth, found.points if depth == 0 else []).append(last)
            if line.rstrip().endswith(" {"):
                opened.append((depth, last))
        elif line.strip() == "}" and opened and _depth(line) <= opened[-1][0] + 1:
            depth, around = opened.pop()
            around.children = levels.pop(depth + 1, [])
            for inner in around.children:
                inner.titled = True  # in braces stand tests; what they assert is not told
        elif plan := _PLAN.fullmatch(line):
            found.plan = int(plan[1])
        elif line.strip().startswith("Bail out!"):
            found.bailed = line.partition("Bail out!")[2].strip()
    found.unclosed = [point for depth in sorted(levels) if depth for point in levels[depth]]
    return found


def _depth(line: str) -> int:
    """How many subtests a line stands in."""
    return (len(line) - len(line.lstrip(" "))) // 4


def _point(
    found: re.Match[str], levels: dict[int, list[_Point]], titled: dict[int, str], depth: int
) -> _Point:
    """The point of a line, with the subtest that stands before it."""
    text = (found[4] or "").strip().removesuffix(" {")
    time = _TIME.search(text)
    text = text[: time.start()] if time else text
    directive = _DIRECTIVE.search(f" {text}")
    name = f" {text}"[: directive.start()].strip() if directive else text
    children = [
        point for deeper in [level for level in levels if level > depth] for point in levels.pop(deeper)
    ]
    # A subtest's title stands at its point's level, or (TAP 14) at that of its points.
    own = titled.pop(depth, None)
    below = titled.pop(depth + 1, None) if children else None
    return _Point(
        name.strip() or f"test {found[3] or ''}".strip(),
        not found[2],
        directive[1].lower() if directive else "",
        seconds(time[1], 1000 if time[2] == "ms" else 1) if time else None,
        children,
        titled=(own or below) is not None,
    )


def _cases(points: Sequence[_Point], around: tuple[str, ...]) -> Iterator[Case]:
    """The tests below some suites. A suite that fails by itself (a hook) is a case, too."""
    for point in points:
        names = (*around, point.name)
        suite = any(child.titled or child.children for child in point.children)
        if not suite or (not point.ok and not point.directive and not _red_below(point)):
            yield case(
                "::".join([in_checkout(names[0]) if _is_file(names[0]) else names[0], *names[1:]]),
                [_result(point)],
            )
        if suite:
            yield from _cases(point.children, names)


def _is_file(name: str) -> bool:
    return bool(re.fullmatch(r"\S{1,1000}\.[cm]?[jt]sx?|\S{1,1000}\.t", name))


def _red_below(point: _Point) -> bool:
    return any((not child.ok and not child.directive) or _red_below(child) for child in point.children)


def _result(point: _Point) -> AttemptResult:
    took = (
        point.duration_s if point.duration_s is not None else seconds(_value(point.yaml, "duration_ms"), 1000)
    )
    if point.directive:
        return AttemptResult("skipped", (), took)
    if point.ok:
        return AttemptResult("passed", (), took)
    red = [child for child in point.children if not child.ok and not child.directive] or [point]
    return AttemptResult("failed", tuple(_error(child, child is point) for child in red), took)


def _error(point: _Point, itself: bool) -> Error:
    """What a point says went wrong: in its YAML, else (node-tap) in its name."""
    said = _value(point.yaml, "error") or _below(point.yaml, "error") or _value(point.yaml, "message")
    said = said or ("" if itself else point.name)
    signal = _value(point.yaml, "signal")
    said = said or (f"signal: {signal}" if signal else point.name)
    kind = _value(point.yaml, "name") or _below(point.yaml, "error", "name") or _value(point.yaml, "type")
    typed = f"{kind}: {said}" if kind.endswith(("Error", "Exception")) and not said.startswith(kind) else said
    frames = "\n".join(
        f"    at {line.strip()}" for line in _value(point.yaml, "stack").splitlines() if line.strip()
    )
    rest = "" if frames else textwrap.dedent("\n".join(point.yaml))
    cause = _below(point.yaml, "cause")
    return Error(
        typed, "\n".join(part for part in (typed, frames, f"[cause]: {cause}" if cause else "", rest) if part)
    )


def _below(yaml: Sequence[str], key: str, inner: str = "message") -> str:
    """The message (or another value) in the block below a key, as of an error's cause."""
    block = textwrap.dedent("\n".join(yaml)).splitlines()
    start = next((at for at, line in enumerate(block) if line.rstrip() == f"{key}:"), None)
    if start is None:
        return ""
    deeper = itertools.takewhile(lambda line: line[:1] in {"", " "}, block[start + 1 :])
    return _value(list(deeper), inner)


def _value(yaml: Sequence[str], key: str) -> str:
    """The value of a key of a block, quoted, plain or over several lines; "" without one."""
    block = textwrap.dedent("\n".join(yaml)).splitlines()
    for at, line in enumerate(block):
        if not line.startswith(f"{key}:"):
            continue
        value = line[len(key) + 1 :].strip()
        if value[:1] in {"|", ">"}:
            more = []
            for inner in block[at + 1 :]:
                if inner.strip() and not inner.startswith(" "):
                    break
                more.append(inner)
            return textwrap.dedent("\n".join(more)).strip("\n")
        return (
            value[1:-1].replace("''", "'")
            if len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
            else value
        )
    return ""
