"""Failures of one key together, the most urgent first; and red without a failing case under a key of its own.

In: a `Run` and the config. Out: groups ordered by priority, breadth and key. Failures whose texts are the same are
judged once. It looks at nothing but the run: what earlier runs saw is asked for by whoever orders victims and storms.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from triagebot.config import Config
from triagebot.groups.impact import impact
from triagebot.groups.model import Group, Raised, Variant
from triagebot.groups.routes import with_routes
from triagebot.groups.shared_parameters import hints
from triagebot.reports.model import Beyond, Failure, Frame, Run
from triagebot.signatures import Judgement, Settings, Signature, judge, key, names_its_test, settings
from triagebot.signatures.code_location import frame_in_app, innermost
from triagebot.signatures.mask import mask

_VARIANTS = 10
_SAYS_LITTLE = 100
"""Characters of a text below which its test may be all that is known."""
_LOOKED_AT = 200


def group(run: Run, config: Config) -> tuple[Group, ...]:
    """The causes of a red run: most urgent priority first, then the most tests, then the key."""
    found = [*grouped(run.failures, config), *_of_the_run(run)]
    return tuple(sorted(found, key=lambda g: (g.impact.priority, -len(g.tests), g.key)))


@dataclass(frozen=True, slots=True)
class _Signed:
    """What is kept of a judgement: the whole of it would hold every traceback twice."""

    signature: Signature
    line: str
    ignored: bool
    raised: Raised


def grouped(failures: Iterable[Failure], config: Config) -> tuple[Group, ...]:
    """One group for each key among the failures, in the order of first occurrence."""
    members: dict[str, list[tuple[Failure, _Signed]]] = defaultdict(list)
    for failure, signed in _signed(failures, settings(config)):
        if not signed.ignored:
            members[signed.signature.key].append((failure, signed))
    return tuple(_group(found, config) for found in members.values())


def _signed(failures: Iterable[Failure], chosen: Settings) -> Iterator[tuple[Failure, _Signed]]:
    """Every failure with its signature. Identical texts are paid for once.

    The test counts where a rule may look at it, where so little is said that the failure is its test's own, and where
    assertions are known by their test.
    """
    memo: dict[tuple[object, ...], _Signed] = {}
    shared: dict[Signature, Signature] = {}
    for failure in failures:
        own = chosen.rules or len(failure.text) < _SAYS_LITTLE or names_its_test(failure)
        test = (failure.test, failure.join) if own else ()
        same = (failure.message, failure.text, failure.phase, failure.chain, test)
        known = memo.get(same)
        if known is None:
            known = _kept(judge(failure, chosen), shared)
            memo[same] = known
        yield failure, known


def _kept(judgement: Judgement, shared: dict[Signature, Signature]) -> _Signed:
    """What is kept of a judgement, with equal signatures held once."""
    root = judgement.root
    line = f"{root.type.rpartition('.')[2]}: {root.message.partition(chr(10))[0][:300]}"
    return _Signed(
        shared.setdefault(judgement.signature, judgement.signature),
        line,
        judgement.ignored,
        _raised(root.frames),
    )


def _raised(frames: Sequence[Frame]) -> Raised:
    """The function of the code under test that frames end in, and its line where they end there."""
    own = bool(frames) and frame_in_app(frames) is frames[-1]
    return Raised(innermost(frames), frames[-1].code.strip() if own else "")


def _group(members: Sequence[tuple[Failure, _Signed]], config: Config) -> Group:
    """The group of failures with one key."""
    failures = tuple(failure for failure, _signed in members)
    tests = tuple(dict.fromkeys(failure.test for failure in failures))
    wordings = _masked_lines([signed.line for _failure, signed in members])
    signature = _merged(list(dict.fromkeys(signed.signature for _failure, signed in members)))
    title = with_routes(signature.title, signature.kind, failures)
    return Group(
        signature=signature if title == signature.title else replace(signature, title=title),
        failures=failures,
        tests=tests,
        variants=_variants(wordings),
        wordings=wordings,
        impact=impact(tests, config.suites),
        hints=hints(tests),
        raised=members[0][1].raised,
    )


def _merged(signatures: Sequence[Signature]) -> Signature:
    """The exemplar's signature with the hosts and aliases of all."""
    first = signatures[0]
    hosts = tuple(dict.fromkeys(host for s in signatures for host in s.hosts))[:10]
    aliases = tuple(dict.fromkeys(alias for s in signatures for alias in s.aliases))
    former = tuple(dict.fromkeys(key for s in signatures for key in s.former))
    if (hosts, aliases, former) == (first.hosts, first.aliases, first.former):
        return first
    return replace(first, hosts=hosts, aliases=aliases, former=former)


def _masked_lines(lines: Sequence[str]) -> tuple[str, ...]:
    """Each line masked; nothing when they all say the same, as far as the first 200 tell."""
    if len(lines) < 2:
        return ()
    masked = {line: mask(line) for line in dict.fromkeys(lines[:_LOOKED_AT])}
    if len(set(masked.values())) < 2:
        return ()
    return tuple(masked[line] if line in masked else mask(line) for line in lines)


def _variants(wordings: Sequence[str]) -> tuple[Variant, ...]:
    """How a group's failures say it, most common first."""
    ranked = sorted(Counter(wordings).items(), key=lambda item: (-item[1], item[0]))
    return tuple(Variant(text, count) for text, count in ranked[:_VARIANTS])


def _of_the_run(run: Run) -> list[Group]:
    """Groups for what no case tells: reports that contradict themselves, beside failing cases, too; else red without one.

    An exit code that says red has its own name when no case is: then the contradiction is that group's text.
    """
    red = any(True for _ in run.failures)
    if run.doubted and (red or run.exit_code in (None, 0, 5)):
        if any(isinstance(problem, Beyond) for problem in run.problems):
            return [_bare("run.unreadable", (), "A report of this run could not be read", _reasons(run))]
        return [_bare("run.counts", (), "A report of this run contradicts itself", _reasons(run))]
    return [] if red or run.idle else _without_case(run)


def _without_case(run: Run) -> list[Group]:
    """Groups for what is red without a failing case: an unreadable run, an exit code, nothing at all."""
    if run.status == "unreadable":
        return [_bare("run.unreadable", (), "No report of this run could be read", _reasons(run))]
    if run.status == "errored" and run.exit_code in (None, 0) and run.problems:
        return [_bare("run.unreadable", (), "A report of this run could not be read", _reasons(run))]
    if run.exit_code not in (None, 0, 5) or run.status in {"errored", "interrupted"}:
        code = "" if run.exit_code is None else str(run.exit_code)
        slots = (("exit_code", code),) if code else ()
        return [_bare("run.exit", slots, _exit_title(run.exit_code), _reasons(run))]
    if run.status == "empty":
        return [_bare("run.empty", (), "The run collected no test", _reasons(run))]
    return []


_EXITS = {
    1: "Tests failed, yet no case in the report did",
    2: "The run was interrupted before its end",
    3: "The test runner met an internal error",
    4: "The test runner was called with wrong options",
}


def _exit_title(code: int | None) -> str:
    """What pytest means by an exit code (docs.pytest.org, "Exit codes")."""
    said = _EXITS.get(code or 0, "The run is red without a failing case")
    return f"{said} (exit code {code})" if code is not None else said


def _reasons(run: Run) -> str:
    return "\n".join(problem.reason for problem in run.problems[:5])


def _bare(kind: str, slots: tuple[tuple[str, str], ...], title: str, text: str) -> Group:
    """A group without a failing case; its one failure says what is known."""
    failure = Failure(test="", join="", phase="collect", message=title, text=text)
    return Group(Signature(key(kind, slots), kind, slots, title), (failure,), ())
