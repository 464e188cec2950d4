"""Each suite that requires something held against its cases of one run."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from types import MappingProxyType
from urllib.parse import urlsplit

from triagebot.authenticity.model import Judgement
from triagebot.config import Suite
from triagebot.config.amounts import duration_text, seconds
from triagebot.reports.model import Case, Contact, Run

_NOBODY: Mapping[str, int] = MappingProxyType({})
_MOCKS = frozenset(
    ("httpx_mock", "respx_mock", "requests_mock", "responses", "mocked_responses", "aioresponses", "vcr", "vcr_cassette", "pook", "httpretty")
)  # fmt: skip
"""Fixtures that answer in the place of a service."""
_MOCK = "mock "
_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Traffic:
    """What the passing cases of a suite sent to one address: by how many of them, how often, and of how many nobody knows."""

    address: str
    host: str
    tests: frozenset[str]
    times: int
    unknown: frozenset[str]
    by_logs: bool = False


def judgements(
    run: Run, suites: Sequence[Suite], sizes: Mapping[str, int] = _NOBODY
) -> tuple[Judgement, ...]:
    """What is said of each suite that requires something and of which something passed.

    `sizes` are how many tests a suite has (by `called`), as far as earlier runs tell: of a part of it less time is asked.
    """
    asked = [suite for suite in suites if suite.min_duration or suite.requires or suite.no_mocks]
    found = (_judgement(run, suite, sizes.get(suite.called, 0)) for suite in asked)
    return tuple(one for one in found if one is not None)


def with_unproven(run: Run, found: Iterable[Judgement]) -> Run:
    """The run in which cases say why their pass proves nothing."""
    reasons: dict[str, str] = {}
    for one in found:
        for join, why in one.unproven.items():
            reasons.setdefault(join, why)
    if not reasons:
        return run
    cases = (
        replace(case, unproven=reasons[case.join])
        if case.outcome == "passed" and case.join in reasons
        else case
        for case in run.cases
    )
    return replace(run, cases=tuple(cases))


def _judgement(run: Run, suite: Suite, size: int) -> Judgement | None:
    """What is said of one suite; None where nothing of it passed."""
    ran = [case for case in run.cases if case.outcome != "skipped" and suite.holds(case.test)]
    passed = [case for case in ran if case.outcome == "passed"]
    if not passed:
        return None
    known = [case.duration_s for case in ran if case.duration_s is not None]
    took = sum(known) if len(known) == len(ran) else None
    traffic = [_traffic(passed, address) for address in suite.requires]
    reasons = dict(_reasons(suite, ran, passed, took, size, traffic))
    open_ = [*_unknown(suite, passed, took, traffic)]
    state = "unproven" if reasons else "not known" if open_ else "real"
    said = _sentence(suite, ran, took, size, traffic, reasons, open_)
    return Judgement(suite.called, state, said, len(ran), len(passed), took, reasons)  # type: ignore[arg-type]  # one of three


def _reasons(
    suite: Suite,
    ran: Sequence[Case],
    passed: Sequence[Case],
    took: float | None,
    size: int,
    traffic: Sequence[_Traffic],
) -> Iterator[tuple[str, str]]:
    """(join id, why) for each pass that proves nothing; the first reason of a test stands last, and wins."""
    if suite.no_mocks:
        yield from ((case.join, why) for case in passed if (why := _mocked(case)))
    if traffic:
        everywhere = frozenset[str]().union(*(one.tests | one.unknown for one in traffic))
        for case in passed:
            if case.join not in everywhere:
                yield case.join, f"it reached none of {_hosts(traffic)}"
        for one in traffic:
            if not one.times and not one.unknown:
                yield from ((case.join, f"0 connections to {one.host}") for case in passed)
    if suite.min_duration and took is not None and took < _wanted(suite, len(ran), size):
        why = f"{duration_text(took)} for {_tests(len(ran))}"
        yield from ((case.join, why) for case in passed)


def _wanted(suite: Suite, ran: int, size: int) -> float:
    """The least seconds that so many of a suite's tests take."""
    return seconds(suite.min_duration) * (ran / size if size > ran else 1)


def _mocked(case: Case) -> str:
    """How a mock stood in the place of a service; "" for what is known of none."""
    if case.trace is None:
        return ""
    if answered := next((c for c in case.trace.contacts if c.action.startswith(_MOCK)), None):
        return f"a mock answered for {answered.host}"
    fixture = next((name for name in case.trace.fixtures if name in _MOCKS), "")
    return f"the fixture {fixture} answered in the place of a service" if fixture else ""


def _traffic(passed: Sequence[Case], address: str) -> _Traffic:
    """What passing cases sent to one address: as traces tell, else as logs name it."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    seen = {case.join: sum(_reaches(contact, host, parts.scheme) for contact in case.trace.contacts) for case in passed if _is_traced(case) and case.trace}  # fmt: skip
    named = {case.join for case in passed if case.join not in seen and _logs_name(case, host)}
    unknown = frozenset(case.join for case in passed if case.join not in seen and case.join not in named)
    tests = frozenset(join for join, times in seen.items() if times) | named
    return _Traffic(address, host, tests, sum(seen.values()) + len(named), unknown, bool(named))


def _is_traced(case: Case) -> bool:
    """Whether the plugin saw what a case sent."""
    return case.trace is not None and "contact" not in case.trace.absent


def _reaches(contact: Contact, host: str, scheme: str) -> bool:
    """Whether a contact went to a host by a protocol; a plain connection tells no protocol."""
    if contact.action.startswith(_MOCK):
        return False
    there = contact.host if ":" in host else contact.host.partition(":")[0]
    is_ws = contact.action.startswith("ws")
    fits = contact.action == "connect" or is_ws == scheme.startswith("ws")
    return fits and fnmatchcase(there.lower(), host.lower())


def _logs_name(case: Case, host: str) -> bool:
    """Whether what a case logged or printed names a host."""
    bare = host.partition(":")[0].lower()
    return any(bare in section.text.lower() for section in case.attempts[-1].sections)


def _unknown(
    suite: Suite, passed: Sequence[Case], took: float | None, traffic: Sequence[_Traffic]
) -> Iterator[str]:
    """What nobody recorded."""
    if suite.min_duration and took is None:
        yield "how long its tests took is not known"
    if any(one.unknown for one in traffic):
        count = len(frozenset[str]().union(*(one.unknown for one in traffic)))
        yield f"traffic of {_tests(count)} is not known (no trace of the pytest plugin, and no log that names the service)"
    if suite.no_mocks and any(case.trace is None for case in passed):
        yield "whether mocks took part is not known (no trace of the pytest plugin)"


def _sentence(
    suite: Suite,
    ran: Sequence[Case],
    took: float | None,
    size: int,
    traffic: Sequence[_Traffic],
    reasons: Mapping[str, str],
    unknown: Sequence[str],
) -> str:
    """The judgement in one sentence."""
    time = f"{duration_text(took)} for {_tests(len(ran))}" if took is not None else _tests(len(ran))
    if suite.min_duration:
        time += f" (at least {duration_text(_wanted(suite, len(ran), size))})"
    calls = [
        f"{one.times} {_seen(one)} {one.host} ({urlsplit(one.address).scheme})"
        for one in traffic
        if one.times or not one.unknown
    ]
    facts = ", ".join([time, *calls])
    if reasons:
        fast = f"{duration_text(took)} for {_tests(len(ran))}" if took is not None else ""
        counts = Counter("too fast" if why == fast else why for why in reasons.values())
        why = "; ".join(f"{count} × {reason}" for reason, count in counts.most_common(_NAMED))
        passes = f"{len(reasons)} unproven {'passes' if len(reasons) > 1 else 'pass'}"
        return f"{suite.called}: {passes} ({why}): {facts}"
    if unknown:
        return f"{suite.called}: {facts}; {'; '.join(unknown)}"
    return f"{suite.called}: {facts}: these were real calls" if traffic else f"{suite.called}: {facts}"


def _seen(one: _Traffic) -> str:
    """What was counted of an address."""
    if one.by_logs:
        return "log that names" if one.times == 1 else "logs that name"
    return "connection to" if one.times == 1 else "connections to"


def _hosts(traffic: Sequence[_Traffic]) -> str:
    """The hosts that are required."""
    return ", ".join(dict.fromkeys(one.host for one in traffic))


def _tests(number: int) -> str:
    """So many tests."""
    return f"{number} test{'s' * (number != 1)}"
