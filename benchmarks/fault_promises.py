"""What must hold when a fault campaign's dust has settled, judged from the double's state and the history store.

In: the world after a schedule, what each run was to report, how each ended. Out: broken promises in words, and how many
rows were lost where nobody promised to keep them. It asks nothing of the program but how it reads its own markers.
"""

import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tests.doubles.github import BOT, Exchange, GitHub, World
from tests.doubles.github.world import Issue
from tests.scenarios.play import case
from triagebot.cli import run as command
from triagebot.cli.process import Process as Outside
from triagebot.issues import read_marker
from triagebot.issues.model import Marker
from triagebot.plans.render.comments import once_of

Row = tuple[str, str]
"""An occurrence: key and run id."""


@dataclass(frozen=True)
class Verdict:
    """What broke, in words, and what is excused, counted.

    `confirmed` rows were taken by GitHub. `lost` are those of them that nobody holds any more, issue or history: a run
    overwrote them that had read the issue before, and who had written them was killed before the second look, or looked
    and left with 1, with no history store that had taken them.
    """

    broken: tuple[str, ...]
    confirmed: int = 0
    lost: int = 0


@dataclass(frozen=True)
class Spoken:
    """What somebody said on an issue: `ada` may steer the bot, `mallory` may not."""

    issue: int
    comment: int
    who: str
    text: str


def unheard(world: World, spoken: Iterable[Spoken]) -> Iterator[str]:
    """Commands that were lost, done twice, answered twice or not, or obeyed without permission."""
    for said in spoken:
        issue = world.issues[said.issue]
        marker = read_marker(issue.body or "")
        acts = marker.acts if isinstance(marker, Marker) else ()
        done = sum(act.comment == said.comment for act in acts)
        answers = sum(f"(#issuecomment-{said.comment})" in c.body for c in issue.comments if c.user == BOT)
        expected = (0, 0) if said.who == "mallory" else (0, 1) if "aprove" in said.text else (1, 0)
        if (done, answers) != expected:
            yield f"issue {said.issue}: {said.text!r} of {said.who} took effect {done} times and was answered {answers} times"
    for issue in world.issues.values():
        if "P1" in issue.labels or "**Owner:** mallory" in (issue.body or ""):
            yield f"issue {issue.number}: a stranger's command took effect"


def report(red: Iterable[str], at: datetime, wording: str = "") -> str:
    """A report in which these causes fail, each in two tests of which one words it its own way, and one test passes."""
    cases = [
        case(name, "red", wording=more)
        for cause in red
        for name, more in ((cause, ""), (f"{cause}.2", wording))
    ]
    cases.append(case("calm", "green"))
    start = at.strftime("%Y-%m-%dT%H:%M:%S")
    head = f'<testsuite name="s" tests="{len(cases)}" timestamp="{start}+00:00">'
    return f"<testsuites>{head}{''.join(cases)}</testsuite></testsuites>"


@cache
def key_of(cause: str) -> str:
    """The key of a cause, as `triagebot group` tells it."""
    out, text = io.StringIO(), report([cause], datetime(2025, 9, 10, tzinfo=UTC)).encode()
    world = Outside({}, lambda: datetime(2025, 9, 10, tzinfo=UTC), Path(), io.BytesIO(text), out, out)
    assert command(["group", "--json", "-"], world) == 0, out.getvalue()
    return str(json.loads(out.getvalue())["groups"][0]["key"])


def judge(
    github: GitHub,
    causes: Iterable[str],
    reds: Mapping[str, list[str]],
    codes: Mapping[str, int | None],
    home: Mapping[Row, int] | None,
    written: Iterable[tuple[int, str]] = (),
) -> Verdict:
    """The verdict on one schedule. `codes` are exit codes, None for a killed run; `home` is what history holds.

    `written` are lines that people wrote into issues, by number.
    """
    issues = list(github.world.issues.values())
    tables = _tables(issues)
    broken = [*_identity(issues, causes), *_comments(issues), *_unshown(issues), *github.complaints]
    if codes["last"]:
        broken.append(f"the undisturbed run left with {codes['last']}")
    confirmed = {*_finished(reds, codes), *_confirmed(github.exchanges)}
    lost = confirmed - tables.keys() - (home or {}).keys()
    broken += [
        f"{key} in {run} is lost, and all was said to be well" for key, run in sorted(lost) if codes[run] == 0
    ]
    broken += _differ(tables, home) if home is not None else []
    broken += _unwritten(github.world, written)
    return Verdict(tuple(broken), len(confirmed), len(lost))


def _unwritten(world: World, written: Iterable[tuple[int, str]]) -> Iterator[str]:
    """Lines of people that are gone without a trace: neither in the issue's body nor said to be overwritten.

    Not promised for duplicates: no run writes them again, so what a killed run or one without GraphQL took there stands
    in GitHub's edit history only.
    """
    for number, line in written:
        issue = world.issues[number]
        if issue.state_reason == "duplicate":
            continue
        told = any("was overwritten" in comment.body for comment in issue.comments)
        if line not in (issue.body or "") and not told:
            yield f"issue {number}: {line!r} is gone, and nobody said so"


def _identity(issues: list[Issue], causes: Iterable[str]) -> Iterator[str]:
    """One open issue for each cause, and no other."""
    found = Counter(marker.key for _, marker in _open(issues))
    for cause in causes:
        if (number := found.pop(key_of(cause), 0)) != 1:
            yield f"{number} open issues for {cause}"
    yield from (f"an open issue of {key}, which nobody reported" for key in found)


def _comments(issues: list[Issue]) -> Iterator[str]:
    """Nobody was told twice: a once-key is made of run, key and action.

    Not promised of overwritten text: two runs that race may both find it, and GitHub compares nothing.
    """
    comments = (comment.body for issue in issues for comment in issue.comments)
    said = Counter(once_of(body) for body in comments if "was overwritten" not in body)
    yield from (f"{n} comments with the once-key {once}" for once, n in said.items() if once and n > 1)


def _finished(reds: Mapping[str, list[str]], codes: Mapping[str, int | None]) -> set[Row]:
    """What runs reported that said that all went well."""
    return {(key_of(cause), run) for run, code in codes.items() if code == 0 for cause in reds[run]}


def _confirmed(exchanges: Iterable[Exchange]) -> set[Row]:
    """The rows in bodies that GitHub took and said so: writes that succeeded, also those of runs killed later."""
    bodies = (
        exchange.body["body"]
        for exchange in exchanges
        if exchange.method in ("POST", "PATCH")
        and exchange.path.split("/")[4:5] == ["issues"]
        and not exchange.path.endswith(("/comments", "/labels"))
        and exchange.status in (200, 201)
        and not exchange.fault
        and exchange.body.get("body")
    )
    markers = (read_marker(body) for body in bodies)
    return {(m.key, row.run) for m in markers if isinstance(m, Marker) for row in m.occurrences}


def _tables(issues: list[Issue]) -> dict[Row, int]:
    """How many tests failed, by occurrence, as the open issues tell it."""
    return {(m.key, row.run): row.failed for _, m in _open(issues) for row in m.occurrences}


def _differ(tables: Mapping[Row, int], home: Mapping[Row, int]) -> Iterator[str]:
    """Where the issues and history say different things."""
    for row in sorted(tables.keys() | home.keys()):
        if tables.get(row) != home.get(row):
            yield f"{row[0]} in {row[1]}: the issue says {tables.get(row)}, history says {home.get(row)}"


def _open(issues: list[Issue]) -> Iterator[tuple[Issue, Marker]]:
    """Open issues with a marker whose table shows what the marker holds."""
    for issue in issues:
        marker = read_marker(issue.body or "")
        if issue.state == "open" and isinstance(marker, Marker):
            yield issue, marker


def _unshown(issues: list[Issue]) -> Iterator[str]:
    """Occurrences that a marker holds and the table that people see does not."""
    for issue, marker in _open(issues):
        seen = (issue.body or "").partition("-->")[2]
        yield from (
            f"issue {issue.number}: {row.run} is not in its table"
            for row in marker.occurrences
            if row.run not in seen
        )


def in_database(url: str) -> dict[Row, int]:
    """The occurrences in a database."""
    from sqlalchemy import create_engine, select

    from triagebot.stores.history_tables import occurrences as table

    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        found = {(row.key, row.run): row.failed for row in connection.execute(select(table))}
    engine.dispose()
    return found


def on_branch(world: World, name: str) -> dict[Row, int]:
    """The occurrences on an orphan branch of the double."""
    from triagebot.reports.model import Problem
    from triagebot.stores.rows import RunFile
    from triagebot.stores.run_files import decode

    commit = world.objects[world.refs[f"refs/heads/{name}"]]
    entries = world.objects[commit["tree"]]["entries"]
    files = [decode(path, world.objects[entry["sha"]]["data"]) for path, entry in entries.items()]
    assert not any(isinstance(file, Problem) for file in files), files
    taken_over = {(key, row.run): row.failed for f in files if isinstance(f, tuple) for key, row in f}
    return taken_over | {(s.key, f.id): len(s.tests) for f in files if isinstance(f, RunFile) for s in f.seen}
