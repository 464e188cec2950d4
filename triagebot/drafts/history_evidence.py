"""What earlier runs and issues record: rates, first sight, last passing runs, verdicts of maintainers, the deployment.

In: a group, its run, a `Past` of the same scope, `Changes` between commits, settings by name. Out: items without ids, and
sentences with the numbers that they count over. No cause is named here, except one that a maintainer judged.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from triagebot.drafts.model import Changes, Earlier, Hunk, Item, Line, Setting
from triagebot.drafts.report_evidence import item, sentence_lines
from triagebot.drafts.sanitizing import Clean
from triagebot.drafts.sentence_tokens import fold, holds, identifiers
from triagebot.groups.model import Group
from triagebot.history import streak
from triagebot.history.model import Before, Past, PastRun, Result
from triagebot.redact import Fact
from triagebot.reports.model import Run

_NAMES = 5
_HUNKS = 12
_COMMITS = 40
_TOO_COMMON = frozenset({"__init__.py", "conftest.py", "setup.py", "test"})
_ENV_NAME = re.compile(r"(?<![A-Za-z0-9_])[A-Z][A-Z0-9]{1,30}(?:_[A-Z0-9]{1,30}){1,8}(?![A-Za-z0-9_])")
"""The name of a variable. Hit: `DATABASE_URL is not set`. Miss: `DATABASE`."""
_HUNK_START = re.compile(r"^@@ -\d{1,9}(?:,\d{1,9})? \+(\d{1,9})")
"""The head of a hunk, with its first new line. Hit: `@@ -10,6 +12,8 @@`. Miss: `+12`."""
PASSED = frozenset({"passed", "xpassed"})


def iso(at: datetime) -> str:
    """A time as it is written in evidence: UTC, to the second."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def rates(group: Group, past: Past) -> Iterator[str]:
    """Sentences about how often this signature was seen before."""
    if not past:
        return
    keys = (group.key, *group.signature.aliases)
    seen = {run for key in keys for run in past.seen.get(key, ())}
    yield f"this signature was seen in {len(seen)} of {len(past.runs)} earlier runs of the same scope"
    if sightings := [run for run in past.runs if run.id in seen]:
        first, last = sightings[0], sightings[-1]
        yield f"first seen in an earlier run at {iso(first.at)}{_deployed(first)}"
        yield f"last seen in an earlier run at {iso(last.at)}{_deployed(last)}"
    yield from (_counted(past.before[key]) for key in keys if key in past.before)
    reruns = [
        result for test in _joins(group) for result in past.results.get(test, ()) if _passed_again(result)
    ]
    if reruns:
        yield f"in {len(reruns)} earlier runs one of these tests failed first and passed when it was run again"


def _counted(before: Before) -> str:
    """What is left of days that history keeps no longer."""
    return f"before the days that history keeps it was seen in {before.runs} runs, from {before.first} to {before.last}"


def _joins(group: Group) -> list[str]:
    """The join ids of the failing tests, without repeats."""
    return list(dict.fromkeys(failure.join for failure in group.failures))


def _passed_again(result: Result) -> bool:
    return result.rerun and result.outcome in PASSED


def _deployed(run: PastRun) -> str:
    """What was tested in a run, where that is known."""
    parts = [
        f"commit {run.commit[:12]}" if run.commit else "",
        f"revision {run.revision}" if run.revision else "",
    ]
    known = ", ".join(part for part in parts if part)
    return f" ({known})" if known else ""


def last_passes(group: Group, past: Past, clean: Clean) -> Iterator[Item]:
    """When the failing tests last passed, together or apart, and how long that took."""
    runs = {run.id: run for run in past.runs}
    last: dict[Fact, list[str]] = {}
    for test, join in {failure.join: (failure.test, failure.join) for failure in group.failures}.values():
        passes = [r for r in past.results.get(join, ()) if r.outcome in PASSED and r.run in runs]
        if passes:
            last.setdefault(passes[-1].run, []).append(f"{test}{_usual(passes)}")
    lines = [line for run, tests in last.items() for line in _passed_in(runs[run], tests, len(_joins(group)))]
    if lines:
        yield item(
            "contrast",
            "earlier runs",
            "when the failing tests last passed",
            sentence_lines(map(clean, lines[: 3 * _NAMES])),
        )


def _passed_in(run: PastRun, tests: Sequence[str], of: int) -> Iterator[str]:
    """Sentences about the tests that last passed in one run."""
    yield f"{len(tests)} of the {of} failing tests last passed at {iso(run.at)}{_deployed(run)}"
    yield from (f"last passed at {iso(run.at)}: {test}" for test in tests[:_NAMES])


def _usual(passes: Sequence[Result]) -> str:
    """How long a test takes when it passes."""
    seconds = [result.duration_s for result in passes if result.duration_s is not None]
    return f" (passes took {median(seconds):.2f} s, median of {len(seconds)})" if seconds else ""


def bounds(group: Group, run: Run, past: Past) -> tuple[Fact | None, Fact | None]:
    """(last good commit, first bad commit): the newest commit on which all failing tests passed, and what came next.

    None where no run says. Good is looked for before the current streak of failures, in the order of history.
    """
    good, bad = streak(past, _joins(group), red=True)
    return good.commit if good else None, next((r.commit for r in bad if r.commit), run.commit)


def changes(found: Changes, names: frozenset[str], clean: Clean) -> Iterator[Item]:
    """The commits between good and bad, and those hunks that touch what the evidence names."""
    span = f"{found.good[:12]}..{found.bad[:12]}"
    if found.commits:
        lines = [
            Line(
                0,
                clean(
                    f"commit {commit.sha[:12]} {iso(commit.at) if commit.at else ''} {commit.subject[:160]}"
                ),
                at=commit.at,
            )
            for commit in found.commits[:_COMMITS]
        ]
        more = f", {len(found.commits) - _COMMITS} more left out" if len(found.commits) > _COMMITS else ""
        title = f"{len(found.commits)} commits after the last good one, {span}{more}"
        yield item("change", "commits", title, lines)
    touching = sorted(_touching(found.hunks, names), key=lambda pair: (-pair[0], pair[1].path))
    for score, hunk in touching[:_HUNKS]:
        title = f"hunk of {clean(hunk.path)} in {span}, sharing {score} names with the evidence"
        yield item("change", f"{hunk.path} {hunk.header}", title, _hunk_lines(hunk, clean))


def suspects(group: Group, clean: Clean) -> Iterator[Item]:
    """Commits that touch where the failing tests leave their green paths, most suspect first, with what they changed there."""
    for number, one in enumerate(group.suspects, 1):
        title = f"suspect {number} of {len(group.suspects)}: a commit that changes {one.touches}"
        first = Line(
            0,
            clean(f"commit {one.commit[:12]} {iso(one.at) if one.at else ''} {one.subject[:160]}"),
            at=one.at,
        )
        yield item(
            "change", f"{number}. {one.path}", clean(title), [first, *_diff_lines(one.path, one.hunk, clean)]
        )


def left_out(found: Changes, names: frozenset[str]) -> int:
    """How many hunks touch nothing that the evidence names."""
    return len(found.hunks) - min(len(_touching(found.hunks, names)), _HUNKS)


def _touching(hunks: Sequence[Hunk], names: frozenset[str]) -> list[tuple[int, Hunk]]:
    """(number of shared names, hunk) for every hunk that shares any."""
    scored = ((len(shared_names(hunk, names)), hunk) for hunk in hunks)
    return [(score, hunk) for score, hunk in scored if score]


def shared_names(hunk: Hunk, names: frozenset[str]) -> set[str]:
    """Names of the evidence that a hunk's path or changed lines hold."""
    changed = "\n".join(line for line in hunk.lines if line[:1] in ("+", "-"))
    text = fold(f"{hunk.path} {changed}").casefold()
    return {name for name in names if holds(text, name)}


def _hunk_lines(hunk: Hunk, clean: Clean) -> Iterator[Line]:
    """A hunk's header and lines, each with its line number in the new file."""
    yield Line(0, clean(f"{hunk.path} {hunk.header}"))
    yield from list(_diff_lines(hunk.path, (hunk.header, *hunk.lines), clean))[1:]


def _diff_lines(path: str, lines: Sequence[str], clean: Clean) -> Iterator[Line]:
    """Hunks, headers among their lines, each line with its number in the new file."""
    number = 0
    for line, text in zip(lines, clean("\n".join(lines)).split("\n"), strict=False):
        if start := _HUNK_START.match(line):
            number = int(start.group(1))
            yield Line(0, text)
            continue
        yield Line(0, text, f"{path}:{number}" if number else path)
        number += bool(number) and not line.startswith("-")


def names_in(texts: Sequence[str]) -> frozenset[str]:
    """The identifiers that texts name, and the last part of every path among them."""
    found = frozenset(name for text in texts for name in identifiers(text))
    ends = {name.rsplit("/", 1)[-1] for name in found if "/" in name}
    parts = {part for name in found for part in re.split(r"[./:]", name) if "_" in part and len(part) > 5}
    return frozenset(name for name in found | ends | parts if len(name) > 3 and name not in _TOO_COMMON)


def settings(run: Run, held: Sequence[Setting], texts: Sequence[str], clean: Clean) -> Iterator[Item]:
    """What is known of the deployment and its configuration: names and whether they are set, never values."""
    facts = [
        f"{name} of this run: {value}"
        for name, value in (
            ("environment", run.environment),
            ("branch", run.branch),
            ("commit", run.commit),
            ("deployed revision", run.revision),
        )
        if value
    ]
    if facts:
        yield item("config", "deployment", "what was tested", sentence_lines(clean(fact) for fact in facts))
    named = sorted({found.group() for text in texts for found in _ENV_NAME.finditer(text)})
    states = {setting.name: setting for setting in held}
    lines = [
        f"{name} is {states[name].state} {_in(states[name])}".rstrip() for name in named if name in states
    ]
    lines += [
        f"{name} is named in the failure; whether it is set is not known"
        for name in named
        if name not in states
    ]
    if lines:
        yield item(
            "config",
            "names",
            "settings that the failure names (names only)",
            sentence_lines(map(clean, lines[:20])),
        )


def _in(setting: Setting) -> str:
    return f"in {setting.where}" if setting.where else ""


def verdicts(earlier: Sequence[Earlier], clean: Clean) -> Iterator[Item]:
    """What maintainers said of earlier issues."""
    for issue in sorted(earlier, key=lambda issue: issue.issue):
        lines = [f"earlier issue {issue.issue}, {issue.verdict}: {issue.title}"]
        lines += [f"cause that maintainers {issue.verdict}: {issue.cause}"] if issue.cause else []
        lines += [f"step that maintainers settled, and that stands: {text}" for text in issue.settled]
        lines += [
            f"cause that maintainers ruled out: {text}{f' (reason: {why})' if why else ''}"
            for text, why in issue.ruled_out
        ]
        lines += [f"what maintainers want to know: {text}" for text in issue.asked]
        yield item(
            "history",
            f"issue {issue.issue:08d}",
            f"earlier issue {issue.issue}",
            sentence_lines(map(clean, lines)),
        )


def timeline(
    run: Run, group: Group, past: Past, *, found: Changes, first_log: Line | None, clean: Clean
) -> Iterator[Item]:
    """What happened when, in order: commits, deployments, first sight, this run, the first strange line of a log."""
    events = [*_commits(found), *_deployments(past), *_first_sight(group, past), *_this_run(run, past)]
    if first_log and first_log.at:
        text = f"first service log line that passing runs do not have: {first_log.text[:200]}"
        events.append(Line(0, text, at=first_log.at))
    dated = sorted((line.at, line.text) for line in events if line.at)
    lines = [Line(0, clean(f"{iso(at)} {text}"), at=at) for at, text in dated]
    if len(lines) > 1:
        yield item("timeline", "order of events", "what happened when", lines)


def _commits(found: Changes) -> list[Line]:
    return [Line(0, f"commit {c.sha[:12]}: {c.subject[:100]}", at=c.at) for c in found.commits[:_NAMES]]


def _deployments(past: Past) -> list[Line]:
    """The last three changes of the deployed revision, at the first run that saw it."""
    dated = pairwise(run for run in past.runs if run.revision)
    changed = [(before, after) for before, after in dated if after.revision != before.revision]
    return [
        Line(0, f"revision {after.revision} first seen (before: {before.revision})", at=after.at)
        for before, after in changed[-3:]
    ]


def _first_sight(group: Group, past: Past) -> list[Line]:
    """The first earlier run that holds this signature."""
    seen = {run for key in (group.key, *group.signature.aliases) for run in past.seen.get(key, ())}
    first = next((run for run in past.runs if run.id in seen), None)
    return [Line(0, f"first run with this signature{_deployed(first)}", at=first.at)] if first else []


def _this_run(run: Run, past: Past) -> list[Line]:
    """The run itself, and whether it is the first of its revision."""
    if run.started is None:
        return []
    new = run.revision and past and run.revision not in {earlier.revision for earlier in past.runs}
    first = f", the first one of revision {run.revision}" if new else ""
    started = [Line(0, f"this run started{first}", at=run.started)]
    if run.duration_s is None:
        return started
    return [*started, Line(0, "this run ended", at=_end(run.started, run.duration_s))]


def _end(start: datetime, seconds: float) -> datetime:
    """The end of a run; a duration that no clock can hold is left out."""
    return start + timedelta(seconds=min(max(seconds, 0.0), 1e7))
