"""A report without secrets: every text in it goes through the redactor before anything else looks at it.

In: what a reader made of a file, and a `Redactor`. Out: the same report. What is compared over runs (ids of tests, paths, legs,
reasons of problems) gets the same placeholder in every run; what tests said gets placeholders that are numbered within this one.
The merged run makes `Fact`s of its facts.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from triagebot.plain_text import normalized
from triagebot.redact import Redactor
from triagebot.reports.model import (
    Attachment,
    Attempt,
    Call,
    Case,
    Contact,
    Failure,
    Frame,
    Problem,
    Raised,
    Report,
    Section,
    Trace,
)

_Redact = Callable[[str], str]
_BATCH = 256 << 10
_PARTS = 16
_APART = "\n\n\n"
"""Between texts that are looked at together: no name on one line and value on the next reach over it."""


def redacted_report(report: Report, redactor: Redactor) -> Report:
    """The report without secrets. Doing it twice changes nothing."""
    names, texts = dict[str, str](), dict[str, str]()
    _report(report, _noted(names), _noted(texts))
    for known, redact in ((names, redactor.lasting), (texts, redactor.text)):
        for some in _batches(known):
            _redact(some, redact, known)
    if all(text == redacted for known in (names, texts) for text, redacted in known.items()):
        return report
    return _report(report, names.__getitem__, texts.__getitem__)


def _report(report: Report, lasting: _Redact, clean: _Redact) -> Report:
    """The report with every name as `lasting` and every other text as `clean` gives it back."""
    calls = _Calls(lasting)
    return replace(
        report,
        path=lasting(report.path),
        cases=tuple(_case(case, lasting, clean, calls) for case in report.cases),
        problems=tuple(replace(p, path=lasting(p.path), reason=lasting(p.reason)) for p in report.problems),
        facts={name: lasting(value) for name, value in report.facts.items()},
        leg=lasting(report.leg),
        job=lasting(report.job),
        idle=lasting(report.idle),
        traces=tuple((lasting(join), _trace(trace, lasting, calls)) for join, trace in report.traces),
    )


def _noted(known: dict[str, str]) -> _Redact:
    """A function that notes every text that it is given, and gives it back."""

    def noted(text: str) -> str:
        return known.setdefault(text, text)

    return noted


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """The texts in lists of some 256 kB."""
    some, size = list[str](), 0
    for text in texts:
        some.append(text)
        size += len(text)
        if size > _BATCH:
            yield some
            some, size = [], 0
    yield some


def _redact(texts: Sequence[str], redact: _Redact, known: dict[str, str]) -> None:
    """Note every text in `known` as `redact` gives it back.

    Texts without a secret, nearly all, are looked at together, which costs a third; where something is found, in ever smaller
    parts, so that a finding never crosses from one text into another.
    """
    plain = [normalized(text) for text in texts]
    whole = _APART.join(plain)
    if redact(whole) == whole:
        known.update(zip(texts, plain, strict=True))
        return
    if len(texts) == 1:
        known[texts[0]] = redact(texts[0])
        return
    size = -(-len(texts) // _PARTS)
    for at in range(0, len(texts), size):
        _redact(texts[at : at + size], redact, known)


def redacted_problem(problem: Problem, redactor: Redactor) -> Problem:
    """A problem without secrets."""
    return replace(problem, path=redactor.lasting(problem.path), reason=redactor.lasting(problem.reason))


class _Calls(dict[Call, Call]):
    """Calls without secrets by what they were: tests of one run make the same ones."""

    def __init__(self, lasting: _Redact) -> None:
        super().__init__()
        self._lasting = lasting

    def __missing__(self, call: Call) -> Call:
        self[call] = clean = Call(*map(self._lasting, (call.function, call.caller, call.place)))
        return clean


def _case(case: Case, lasting: _Redact, clean: _Redact, calls: _Calls) -> Case:
    """A case without secrets; the same one where its names stay and its attempts say nothing, as most do."""
    test, join, leg, project = map(lasting, (case.test, case.join, case.leg, case.project))
    silent = not case.trace and not any(map(_says, case.attempts))
    if silent and (test, join, leg, project) == (case.test, case.join, case.leg, case.project):
        return case
    attempts = tuple(_attempt(attempt, lasting, clean) for attempt in case.attempts)
    trace = _trace(case.trace, lasting, calls) if case.trace else None
    return Case(test, join, case.outcome, attempts, leg, trace, project)


def _says(attempt: Attempt) -> bool:
    """Whether an attempt has any text."""
    return bool(attempt.failures or attempt.sections or attempt.properties)


def _trace(trace: Trace, lasting: _Redact, calls: _Calls) -> Trace:
    """What the plugin saw without secrets; it is compared over runs."""
    return replace(
        trace,
        calls=tuple(map(calls.__getitem__, trace.calls)),
        contacts=tuple(_contact(contact, lasting) for contact in trace.contacts),
        fixtures=tuple(map(lasting, trace.fixtures)),
        absent=tuple(map(lasting, trace.absent)),
    )


def _contact(contact: Contact, lasting: _Redact) -> Contact:
    """A contact without secrets: a token in its path, a password in its host."""
    return Contact(
        lasting(contact.action),
        lasting(contact.host),
        lasting(contact.path),
        lasting(contact.status),
        contact.at,
    )


def _attempt(attempt: Attempt, lasting: _Redact, clean: _Redact) -> Attempt:
    """An attempt without secrets; most passed and say nothing."""
    if not _says(attempt):
        return attempt
    failures = tuple(_failure(failure, lasting, clean) for failure in attempt.failures)
    recorded = tuple((clean(name), clean(value)) for name, value in attempt.properties)
    return Attempt(
        attempt.outcome, failures, attempt.duration_s, _sections(attempt.sections, clean), recorded
    )


def _failure(failure: Failure, lasting: _Redact, clean: _Redact) -> Failure:
    """A failure without secrets."""
    return Failure(
        test=lasting(failure.test),
        join=lasting(failure.join),
        phase=failure.phase,
        message=clean(failure.message),
        text=clean(failure.text),
        chain=_chain(failure.chain, clean),
        sections=_sections(failure.sections, clean),
        attachments=tuple(_attachment(attachment, clean) for attachment in failure.attachments),
        project=lasting(failure.project),
        leg=lasting(failure.leg),
    )


def _attachment(attachment: Attachment, clean: _Redact) -> Attachment:
    """An attachment without secrets."""
    return Attachment(clean(attachment.name), clean(attachment.path), clean(attachment.content_type))


def _sections(sections: tuple[Section, ...], clean: _Redact) -> tuple[Section, ...]:
    """Captured output without secrets."""
    return tuple(Section(clean(section.name), clean(section.text)) for section in sections)


def _chain(chain: tuple[Raised, ...], clean: _Redact) -> tuple[Raised, ...]:
    """The plugin's exceptions without secrets. An attribute's value is looked at beside its name."""
    return tuple(
        Raised(
            clean(raised.type),
            clean(raised.message),
            tuple(_frame(frame, clean) for frame in raised.frames),
            raised.link,
            tuple(_attribute(name, value, clean) for name, value in raised.attributes),
            _chain(raised.leaves, clean),
            _chain(raised.before, clean),
        )
        for raised in chain
    )


def _frame(frame: Frame, clean: _Redact) -> Frame:
    """A frame without secrets."""
    return Frame(clean(frame.path), frame.line, clean(frame.function), clean(frame.code))


def _attribute(name: str, value: str, clean: _Redact) -> tuple[str, str]:
    """One attribute of an exception: `password='x'` shows its secret only beside its name."""
    beside = clean(f"{name}={value}")
    return (
        (name, beside.removeprefix(f"{name}="))
        if beside.startswith(f"{name}=")
        else (clean(name), clean(value))
    )
