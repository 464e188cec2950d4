"""Drafts by a model: one call for each group, one repair, everything checked, everything that can go wrong named.

In: requests in order of importance, the limits of `[drafts]`, the environment's credentials, a clock and a sleep. Out: a `Drafting` with one
result for each request, within the run's deadline and budget. A vendor is a `DraftModel` in a folder of its own and a line in `VENDORS`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from importlib import import_module
from typing import cast

from pydantic import ValidationError
from tenacity import RetryCallState, Retrying, retry_if_result

from triagebot.config import Drafts
from triagebot.drafts.answer_schema import Answer
from triagebot.drafts.citations import drafted
from triagebot.drafts.degrade import settle
from triagebot.drafts.model import Origin, Violation
from triagebot.drafts.prompt import Request, digest, estimate, repair
from triagebot.drafts.quote_alignment import align
from triagebot.drafts.sanitizing import Redacts
from triagebot.drafts.token_prices import price_of
from triagebot.drafts.verify import verify
from triagebot.models.budget import Ledger
from triagebot.models.model import (
    OUTCOMES,
    Answered,
    Drafting,
    DraftModel,
    NoAccessError,
    OutcomeName,
    Result,
    Spend,
)

Progress = Callable[[str, str], None]

VENDORS = {"anthropic": "claude", "bedrock": "claude", "vertex": "claude"}
"""The folder of this room for each provider of `[drafts]`; it has `open_model` and `has_access`."""

NOTHING = Spend()
_MOST_ATTEMPTS = 4
_LEADS = 2
_LEAST_SECONDS = 1.0
_GRACE = 2.0
_LONGEST_ANSWER = 200_000


@dataclass(frozen=True, slots=True)
class Asking:
    """What all calls of one run share."""

    model: DraftModel
    limits: Drafts
    ledger: Ledger
    redactor: Redacts
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    deadline: float

    def left(self) -> float:
        """The seconds that the run still has."""
        return self.deadline - self.clock()

    def clean(self, text: str) -> str:
        """A text without secrets."""
        return self.redactor.clean(text).text


@dataclass(frozen=True, slots=True)
class Reply:
    """How one call ended: the answer's text when `outcome` is None."""

    outcome: OutcomeName | None
    text: str
    spend: Spend


def draft_all(
    requests: Sequence[Request],
    limits: Drafts,
    *,
    env: Mapping[str, str],
    redactor: Redacts,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
    progress: Progress = lambda _key, _state: None,
    base_url: str | None = None,
    model: DraftModel | None = None,
) -> Drafting:
    """A result for each request, in their order; at most `max_groups` of them are asked, the first ones.

    The first call goes alone, so that its cached prompt serves the rest, which go `parallel` at a time. `clock` gives
    monotonic seconds. `progress` is called with (key, "asking") and (key, outcome). `model` replaces the configured one.
    """
    if not requests:
        return Drafting((), NOTHING)
    try:
        opened = model or open_model(limits, env, base_url)
    except NoAccessError as error:
        return Drafting(tuple(_ended(request, error.outcome, error.detail) for request in requests), NOTHING)
    ledger = Ledger(limits.max_usd, price_of(limits)[0])
    asking = Asking(opened, limits, ledger, redactor, clock, sleep, clock() + limits.deadline_s)
    try:
        results = _all(requests, asking, progress)
    finally:
        opened.close()
    return Drafting(tuple(results), ledger.spend)


def open_model(limits: Drafts, env: Mapping[str, str], base_url: str | None = None) -> DraftModel:
    """The configured model. Raises NoAccessError; opens no connection yet."""
    vendor = import_module(f"triagebot.models.{VENDORS[limits.provider]}")
    return cast("DraftModel", vendor.open_model(limits, env, base_url))


def has_access(limits: Drafts, env: Mapping[str, str]) -> bool:
    """Whether the environment names a way to the configured model at all, found out without loading its SDK."""
    vendor = import_module(f"triagebot.models.{VENDORS[limits.provider]}")
    return bool(vendor.has_access(limits, env))


def _all(requests: Sequence[Request], asking: Asking, progress: Progress) -> list[Result]:
    """The results of all requests: those that lead, those that follow at once, and those over the cap."""
    asked = requests[: asking.limits.max_groups]
    pool = ThreadPoolExecutor(max_workers=asking.limits.parallel, thread_name_prefix="drafting")
    try:
        results = _leads(asked, asking, pool, progress)
        results += _follow(asked[len(results) :], results, asking, pool, progress)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    over = [_ended(request, "cap_groups") for request in requests[len(asked) :]]
    for result in over:
        progress(result.key, result.outcome)
    return results + over


def _leads(
    asked: Sequence[Request], asking: Asking, pool: ThreadPoolExecutor, progress: Progress
) -> list[Result]:
    """The first results, one at a time, until one shows that the service answers, or two that it does not."""
    results: list[Result] = []
    for request in asked[:_LEADS]:
        results += _gathered([request], asking, pool, progress)
        ending = OUTCOMES[results[-1].outcome]
        if ending.account or not ending.service:
            break
    return results


def _follow(
    rest: Sequence[Request],
    leads: Sequence[Result],
    asking: Asking,
    pool: ThreadPoolExecutor,
    progress: Progress,
) -> list[Result]:
    """The other results: in parallel, or the same ending where the leads showed that there is no other."""
    ending = OUTCOMES[leads[-1].outcome] if leads else None
    if ending and (ending.account or ending.service):
        return [_ended(request, leads[-1].outcome, leads[-1].detail) for request in rest]
    return _gathered(rest, asking, pool, progress)


def _gathered(
    requests: Sequence[Request], asking: Asking, pool: ThreadPoolExecutor, progress: Progress
) -> list[Result]:
    """The results of some requests, waiting no longer than the deadline; what hangs then is left behind."""
    futures = [pool.submit(_with_progress, request, asking, progress) for request in requests]
    done, hanging = wait(futures, timeout=max(asking.left(), 0.0) + _GRACE)
    if hanging:
        asking.model.close()
    del done
    return [_result(request, future, progress) for request, future in zip(requests, futures, strict=True)]


def _result(request: Request, future: "Future[Result]", progress: Progress) -> Result:
    """A finished result, or the ending of one that hangs beyond the deadline."""
    result = future.result() if future.done() and not future.cancelled() else _ended(request, "timeout")
    progress(result.key, result.outcome)
    return result


def _with_progress(request: Request, asking: Asking, progress: Progress) -> Result:
    progress(request.key, "asking")
    return _draft(request, asking)


def _ended(request: Request, outcome: OutcomeName, detail: str = "", spend: Spend = NOTHING) -> Result:
    """A result without a draft."""
    return Result(request.key, outcome, detail=detail, spend=spend)


def _draft(request: Request, asking: Asking) -> Result:
    """One request to its end: asked, checked, repaired once, cut down to what holds."""
    reply = _ask(request, asking)
    if reply.outcome:
        return _ended(request, reply.outcome, reply.text, reply.spend)
    answer, violations = _judged(reply.text, request, asking)
    if answer and not violations:
        return _drafted(request, asking, answer, reply.spend, outcome="drafted")
    again = _ask(repair(request, asking.clean(reply.text), _cleaned(violations, asking)), asking)
    spend = reply.spend + again.spend
    second, remaining = (None, violations) if again.outcome else _judged(again.text, request, asking)
    if second and not remaining:
        return _drafted(request, asking, second, spend, outcome="repaired")
    return _cut_down(
        request, asking, [candidate for candidate in (second, answer) if candidate], spend, remaining
    )


def _cleaned(violations: Sequence[Violation], asking: Asking) -> list[Violation]:
    """The violations as they may be sent: what is wrong can name a secret that the answer told."""
    return [replace(violation, detail=asking.clean(violation.detail)) for violation in violations]


def _cut_down(
    request: Request, asking: Asking, answers: Sequence[Answer], spend: Spend, violations: Sequence[Violation]
) -> Result:
    """The first answer of which something that can be checked remains; else the names of the rules that were broken."""
    for answer in answers:
        smaller, taken = settle(answer, request.catalogue, problem=request.problem, clean=asking.clean)
        if smaller:
            return _drafted(request, asking, smaller, spend, outcome="degraded", taken=taken)
    rules = tuple(dict.fromkeys(violation.rule for violation in violations))
    outcome: OutcomeName = "unverified" if answers else "not_schema"
    return Result(request.key, outcome, rules=rules, spend=spend)


def _judged(text: str, request: Request, asking: Asking) -> tuple[Answer | None, tuple[Violation, ...]]:
    """The answer in a text and the rules that it breaks; no answer where the text has not the form that was asked for."""
    try:
        answer = Answer.model_validate_json(text[:_LONGEST_ANSWER])
    except ValidationError as error:
        return None, tuple(_misshapen(error))
    aligned = align(answer, request.catalogue)
    return aligned, verify(aligned, request.catalogue, problem=request.problem, clean=asking.clean)


def _misshapen(error: ValidationError) -> Iterator[Violation]:
    """What the schema says of a text, place by place; never with the value that was found."""
    for found in error.errors(include_input=False, include_url=False)[:20]:
        where = ".".join(map(str, found["loc"])) or "answer"
        yield Violation("schema", where[:120], found["msg"][:200])


def _drafted(
    request: Request,
    asking: Asking,
    answer: Answer,
    spend: Spend,
    *,
    outcome: OutcomeName,
    taken: tuple[Violation, ...] = (),
) -> Result:
    """A result with a draft and its origin."""
    origin = Origin(
        model=asking.limits.model,
        prompt=request.prompts.id,
        version=request.prompts.version,
        digest=digest(request, asking.limits.model),
        input_tokens=spend.input + spend.written + spend.read,
        output_tokens=spend.output,
        cost_usd=spend.usd if price_of(asking.limits)[1] else None,
        repaired=spend.calls > 1,
        degraded=taken,
    )
    draft = drafted(request.problem, answer, origin, request.catalogue)
    return Result(request.key, outcome, draft, rules=tuple(dict.fromkeys(v.rule for v in taken)), spend=spend)


def _ask(request: Request, asking: Asking) -> Reply:
    """One call under the deadline and the budget, tried again where that is safe; charged before it is read."""
    worst = estimate(request, asking.limits).usd
    if asking.left() < _LEAST_SECONDS:
        return Reply("out_of_time", "", NOTHING)
    if not asking.ledger.reserve(worst):
        return Reply("cap_usd", "", NOTHING)
    answered = _tried(request, asking)
    text = answered.text if answered.outcome is None else asking.clean(answered.text)
    return Reply(answered.outcome, text, _booked(answered, worst, asking.ledger))


def _booked(answered: Answered, worst: float, ledger: Ledger) -> Spend:
    """What a call costs: what it used, its worst case where it may be billed without an answer, else nothing."""
    if answered.tokens is not None:
        return ledger.charge(worst, answered.tokens)
    return ledger.lose(worst) if answered.lost else ledger.release(worst)


def _tried(request: Request, asking: Asking) -> Answered:
    """What the last call came to, after as many attempts as deadline and decency allow."""
    retrying = Retrying(
        retry=retry_if_result(lambda answered: answered.again),
        wait=_pause,
        stop=lambda state: _gives_up(state, asking),
        sleep=asking.sleep,
        retry_error_callback=_last,
    )
    return retrying(lambda: asking.model.ask(request, _seconds(asking)))


def _last(state: RetryCallState) -> Answered:
    """What the newest attempt came to."""
    return cast("Answered", state.outcome.result()) if state.outcome else Answered("", "not_api")


def _seconds(asking: Asking) -> float:
    """How long one call may take."""
    return max(min(asking.limits.call_timeout_s, asking.left()), 0.1)


def _pause(state: RetryCallState) -> float:
    """The seconds before the next attempt: what the service asks for, else 1, 2, 4."""
    asked = _last(state).pause
    return float(2 ** (state.attempt_number - 1)) if asked is None else asked


def _gives_up(state: RetryCallState, asking: Asking) -> bool:
    """Whether another attempt would be one too many or begin too late."""
    return state.attempt_number >= _MOST_ATTEMPTS or state.upcoming_sleep + _LEAST_SECONDS > asking.left()
