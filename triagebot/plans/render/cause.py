"""The issue of one cause, top down: a sentence, impact, the draft, occurrences, how it was grouped, what readers can do.

In: a `Shown` and the parts that are on the issue already. Out: named parts. A draft that this run did not make is
kept from the issue; everything else is written anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from triagebot.drafts.model import Digest, Draft, FiveWhys
from triagebot.groups.impact import risk_text
from triagebot.groups.kept_files import kept_files, shown_name, trace_commands
from triagebot.groups.model import Group, Impact, Risk
from triagebot.issues import section
from triagebot.issues.model import Marker
from triagebot.markdown import (
    Markdown,
    block,
    bullets,
    code,
    fill,
    fold,
    heading,
    inline,
    join,
    link,
    paragraphs,
    reference,
    words,
)
from triagebot.plans.draft_text import draft_markdown
from triagebot.plans.lifecycle import Countdown
from triagebot.plans.render.digest_text import digest_text
from triagebot.plans.render.formatting import commit, moment, suspects, where
from triagebot.plans.render.occurrences import occurrences
from triagebot.plans.render.review_text import annotated, review_parts
from triagebot.redact import without_home_folders
from triagebot.reports.model import Run

GITHUB_MAX = 65_536
ROOM = 36_000
"""Characters for all parts together; the marker may take 24,000 of GitHub's 65,536, and people need some too."""

NAMED, NAMED_OF_MANY = 8, 5
"""Up to how many tests are all in sight, and how many of more; the page keeps to it, too."""
_LISTED = 200
_FINDINGS = 5
_KEPT = 20
_SCALES = (1.0, 0.5, 0.2, 0.05)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is to be shown of one cause that this run has."""

    groups: tuple[Group, ...]
    impact: Impact
    run: Run
    marker: Marker
    countdown: Countdown
    draft: Draft | None = None
    explain: tuple[str, ...] = ()
    muted: str = "muted"
    related: tuple[tuple[int, int], ...] = ()


def parts(shown: Shown, old: Mapping[str, str], room: int = ROOM) -> dict[str, str]:
    """The named parts in reading order, at the largest of four scales that fits into `room` characters."""
    found: dict[str, str] = {}
    for scale in _SCALES:
        found = _parts(shown, old, scale)
        if sum(map(len, found.values())) <= room:
            break
    return found


def room_beside(body: str) -> int:
    """Characters for our parts in an issue whose other text belongs to people."""
    theirs = len(body) - len(section(body))
    return max(2_000, min(ROOM, GITHUB_MAX - 24_000 - 1_000 - theirs))


def _parts(shown: Shown, old: Mapping[str, str], scale: float) -> dict[str, str]:
    """The named parts at one scale."""
    draft = _draft(shown.draft, scale) if shown.draft is not None else old.get("draft", "")
    reviewed = review_parts(shown.marker)
    return {
        "memory": reviewed["memory"],
        "sentence": _sentence(shown),
        "commits": _suspects(shown.groups, scale),
        "impact": _impact(shown, scale),
        "review": reviewed["review"],
        "draft": annotated(draft, shown.marker),
        "occurrences": occurrences(shown.marker, shown.countdown, int(42 * scale)),
        "related": _related(shown.related),
        "grouping": _grouping(shown, scale),
        "footer": _footer(shown.muted),
    }


def _sentence(shown: Shown) -> Markdown:
    """What broke, how wide, where and when, in one sentence; then what is special about it."""
    run, tests = shown.run, _tests(shown)
    title = inline(shown.groups[0].signature.title, 300)
    parts_ = [
        fill("{} with **{}**", inline(_width(shown)), title) if tests else fill("**{}**", title),
        fill("in the run of {} UTC", inline(moment(shown.marker.occurrences[-1].at))),
        _scope(run),
    ]
    hints = dict.fromkeys(hint for group in shown.groups for hint in group.hints)
    said = [inline(f"{hint[:1].upper()}{hint[1:]}.", 400) for hint in hints]
    return paragraphs(Markdown(join(parts_) + "."), _findings(shown.groups), *said, _special(shown.marker))


def _findings(groups: Sequence[Group]) -> Markdown:
    """What sets the failing tests apart from those that passed, and why several ways to fail are one issue."""
    found = dict.fromkeys(finding for group in groups for finding in group.findings)
    return bullets(inline(finding, 400) for finding in [*found][:_FINDINGS]) if found else Markdown("")


def _suspects(groups: Sequence[Group], scale: float) -> Markdown:
    """The commits that may have broken it, most suspect first, each with what it changed."""
    found = {suspect.commit: suspect for group in groups for suspect in group.suspects}
    if not found:
        return Markdown("")
    return paragraphs(
        words("**Commits since their last green run, most suspect first:**"),
        suspects(found.values(), int(3_000 * scale)),
    )


def _width(shown: Shown) -> str:
    """How many tests failed of how many; what failed while it was collected are files, of which no test ran."""
    tests, failures = len(_tests(shown)), [f for group in shown.groups for f in group.failures]
    if all(failure.phase == "collect" for failure in failures):
        return f"{tests} file{'s' * (tests != 1)} of tests failed to be collected"
    return f"{tests} of {max(tests, shown.run.totals.collected)} tests failed"


def _scope(run: Run) -> Markdown:
    """Where the run ran and what it tested, in brackets; nothing when nobody said."""
    place = where(run.environment, run.branch)
    sha = fill("commit {}", commit(run.commit)) if run.commit else Markdown("")
    revision = fill("revision {}", code(run.revision, 40)) if run.revision else Markdown("")
    known = join([place, sha, revision], ", ")
    return fill("({})", known) if known else Markdown("")


def _special(marker: Marker) -> Markdown:
    """What the states mean for a reader."""
    said = []
    if "regression" in marker.states:
        said.append(words("**Regression:** this issue had been closed, and the failure came back."))
    if "flaky" in marker.states:
        said.append(words("**Flaky:** every failing test also passed on the same commit or when run again."))
    return paragraphs(*said)


def _tests(shown: Shown) -> tuple[str, ...]:
    """Display ids of the failing tests, without repeats."""
    return tuple(dict.fromkeys(test for group in shown.groups for test in group.tests))


def _impact(shown: Shown, scale: float) -> Markdown:
    """Priority, suites, what is at risk, who owns it, and the tests."""
    impact, tests = shown.impact, _tests(shown)
    unclaimed = " (no configured suite claims these tests)" if tests and not impact.suites else ""
    rows = [
        ("Priority", [impact.priority + unclaimed]),
        ("Suites", list(impact.suites)),
        ("Phase", list(impact.phases)),
        ("Area", list(impact.areas)),
        ("Owner", list(impact.owners)),
    ]
    lines = [fill("**{}:** {}", inline(name), inline(", ".join(texts), 300)) for name, texts in rows if texts]
    return paragraphs(
        heading(3, words("Impact")),
        bullets([*lines, *_code_owners(shown.groups), *_risk(impact.risks)]),
        _failing(shown, tests, scale),
        _kept(shown, scale),
    )


def _code_owners(groups: Sequence[Group]) -> list[Markdown]:
    """Who owns the files in which the tests leave their green paths: who owns a test need not own its cause."""
    found = {(group.code, name): None for group in groups for name in group.code_owners}
    files = dict.fromkeys(path for path, _ in found)
    return [
        fill(
            "**Code owner of {}:** {}",
            code(path),
            join([code(name) for file, name in found if file == path], ", "),
        )
        for path in files
    ]


def _kept(shown: Shown, scale: float) -> Markdown:
    """The files that were kept of the failures by name, where they lie, and how a trace is opened."""
    kept = kept_files(failure for group in shown.groups for failure in group.failures)
    if not kept:
        return Markdown("")
    most = max(int(_KEPT * scale), 1)
    names = [
        fill("{} ({})", code(shown_name(one), 200), inline(one.content_type, 60))
        if one.content_type
        else code(shown_name(one), 200)
        for one in kept[:most]
    ]
    left = [inline(f"and {len(kept) - most} more")] if len(kept) > most else []
    url = shown.run.url
    place = (
        fill("They lie in {}.", link("the artifacts of the run", f"{url}#artifacts")) if url else Markdown("")
    )
    commands = "\n".join(trace_commands(kept[:most]))
    return fold(
        f"Kept of the failures: {len(kept)} file{'s' * (len(kept) != 1)}",
        paragraphs(bullets([*names, *left]), place, block(commands) if commands else Markdown("")),
    )


def _risk(risks: Sequence[Risk]) -> list[Markdown]:
    """Every risk in its own words; nothing is added up here."""
    return [fill("**At risk:** {}", inline("; ".join(map(risk_text, risks)), 300))] if risks else []


def _failing(shown: Shown, tests: Sequence[str], scale: float) -> Markdown:
    """The failing tests; where they leave their green paths at disjoint places, those of each place together."""
    places = [place for group in shown.groups for place in group.places if not group.whole]
    held = {test for place in places for test in place.tests}
    rest = [test for test in tests if test not in held]
    return paragraphs(
        *(
            paragraphs(
                fill("**Failing tests that leave their green path in {}**", code(p.name)),
                _test_list(p.tests, scale),
            )
            for p in places
        ),
        paragraphs(words("**Failing tests**"), _test_list(rest, scale)) if rest else Markdown(""),
    )


def _test_list(tests: Sequence[str], scale: float) -> Markdown:
    """The failing tests: a few in sight, all of them in a fold when there are more."""
    if len(tests) <= NAMED:
        return bullets(code(test, 200) for test in tests)
    seen = bullets(code(test, 200) for test in tests[:NAMED_OF_MANY])
    text, room = "\n".join(tests), int(12_000 * scale)
    whole = len(tests) <= _LISTED and len(text) <= room
    caption = f"All {len(tests)} failing tests" if whole else f"{len(tests)} failing tests, cut in the middle"
    return paragraphs(seen, fold(caption, block(text, max_lines=_LISTED, max_chars=room)))


def _draft(draft: Draft, scale: float) -> Markdown:
    """The draft, whoever made it."""
    match draft:
        case Digest():
            return digest_text(draft, scale)
        case FiveWhys():
            return draft_markdown(draft, scale=scale)
        case unreachable:
            assert_never(unreachable)


def _related(related: Sequence[tuple[int, int]]) -> Markdown:
    """Open issues that share failing tests with this one; what that means is for people to say."""
    rows = [fill("{} ({} in common)", reference(n), inline(f"{k} test{'s' * (k != 1)}")) for n, k in related]
    return fill("**Related:** {}.", join(rows, ", ")) if rows else Markdown("")


def _grouping(shown: Shown, scale: float) -> Markdown:
    """What these failures have in common, and how that was found."""
    signature = shown.groups[0].signature
    each = [part for group in shown.groups for part in group.each]
    facts = [f"key: {part.key} (algorithm {part.signature.algorithm})" for part in each]
    facts += [f"alias: {alias}" for alias in shown.marker.aliases]
    facts += [f"{name}: {value}" for name, value in signature.slots]
    variants = [f"{variant.count} x {variant.text}" for group in shown.groups for variant in group.variants]
    text = "\n".join(
        [*facts, *(["", "variants:", *variants] if len(variants) > 1 else []), "", *shown.explain]
    )
    text = without_home_folders(text)
    return fold(
        "How these failures were grouped", block(text.strip(), max_lines=120, max_chars=int(6_000 * scale))
    )


def _footer(muted: str) -> Markdown:
    """Who wrote this, what to believe, and how to steer it."""
    return paragraphs(
        words("---"),
        fill(
            "Written by triagebot from test reports: quotes are checked, conclusions are not. Text outside of this "
            "section and ticks inside it stay; a title, label or priority that a person sets wins. To accept, correct, "
            "reject, merge or hand over, comment `/triage help`; to silence the issue, close it as not planned or label it {}.",
            code(muted),
        ),
    )
