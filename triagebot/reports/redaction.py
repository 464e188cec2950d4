"""A report without secrets: every text in it goes through the redactor before anything else looks at it.

In: what a reader made of a file, and a `Redactor`. Out: the same report. What is compared over runs (ids of tests, paths, legs,
reasons of problems) gets the same placeholder in every run; what tests said gets placeholders that are numbered within this one.
Facts of the run become `Fact`s.
"""

from collections.abc import Callable
from dataclasses import replace

from triagebot.redact import Redactor, fact
from triagebot.reports.model import Attempt, Case, Failure, Frame, Problem, Raised, Report, Section

_Redact = Callable[[str], str]


def redacted_report(report: Report, redactor: Redactor) -> Report:
    """The report without secrets. Doing it twice changes nothing."""
    lasting, clean = _once(redactor.lasting), _once(redactor.text)
    facts = {name: fact(value, redactor) for name, value in report.facts.items()}
    return replace(
        report,
        path=lasting(report.path),
        cases=tuple(_case(case, lasting, clean) for case in report.cases),
        problems=tuple(redacted_problem(problem, redactor) for problem in report.problems),
        facts={name: value for name, value in facts.items() if value},
        leg=lasting(report.leg),
        idle=lasting(report.idle),
    )


def redacted_problem(problem: Problem, redactor: Redactor) -> Problem:
    """A problem without secrets."""
    return replace(problem, path=redactor.lasting(problem.path), reason=redactor.lasting(problem.reason))


def _once(redact: _Redact) -> _Redact:
    """`redact` that pays once for equal texts: failures of one cause say the same over and over."""
    known: dict[str, str] = {}

    def remembered(text: str) -> str:
        if not text:
            return text
        if text not in known:
            known[text] = redact(text)
        return known[text]

    return remembered


def _case(case: Case, lasting: _Redact, clean: _Redact) -> Case:
    """A case without secrets."""
    return replace(
        case,
        test=lasting(case.test),
        join=lasting(case.join),
        leg=lasting(case.leg),
        attempts=tuple(_attempt(attempt, lasting, clean) for attempt in case.attempts),
    )


def _attempt(attempt: Attempt, lasting: _Redact, clean: _Redact) -> Attempt:
    """An attempt without secrets; most passed and say nothing."""
    if not (attempt.failures or attempt.sections):
        return attempt
    return replace(
        attempt,
        failures=tuple(_failure(failure, lasting, clean) for failure in attempt.failures),
        sections=_sections(attempt.sections, clean),
    )


def _failure(failure: Failure, lasting: _Redact, clean: _Redact) -> Failure:
    """A failure without secrets."""
    return replace(
        failure,
        test=lasting(failure.test),
        join=lasting(failure.join),
        message=clean(failure.message),
        text=clean(failure.text),
        chain=_chain(failure.chain, clean),
        sections=_sections(failure.sections, clean),
    )


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
    name, beside = clean(name), clean(f"{name}={value}")
    return name, beside.removeprefix(f"{name}=") if beside.startswith(f"{name}=") else clean(value)
