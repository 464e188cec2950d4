"""The port to a model, and the values of asking: how it ended, what it cost, and what came of it."""

from dataclasses import dataclass
from typing import Literal, Protocol

from triagebot.drafts.model import FiveWhys
from triagebot.drafts.prompt import Request

OutcomeName = Literal[
    "drafted",
    "repaired",
    "degraded",
    "unverified",
    "not_schema",
    "empty",
    "refused",
    "truncated",
    "context_exceeded",
    "unexpected_stop",
    "not_api",
    "rate_limited",
    "overloaded",
    "server_error",
    "timeout",
    "unreachable",
    "no_key",
    "bad_key",
    "forbidden",
    "unbilled",
    "no_model",
    "bad_request",
    "too_large",
    "cap_groups",
    "cap_usd",
    "out_of_time",
]


class NoAccessError(Exception):
    """There is no way to the model: the outcome's name, and what to do about it."""

    def __init__(self, outcome: OutcomeName, detail: str) -> None:
        super().__init__(detail)
        self.outcome: OutcomeName = outcome
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Tokens:
    """What one answer used. `written` and `read` are of the cache of prompts."""

    input: int = 0
    output: int = 0
    written: int = 0
    read: int = 0


@dataclass(frozen=True, slots=True)
class Answered:
    """What one call to a model came to. `text` is the answer where `outcome` is None, else the service's own words.

    `tokens` is None where the service gave no answer. `lost`: the call went out and may be billed all the same. `again`: the same call may
    work in a moment, after `pause` seconds where the service says so.
    """

    text: str
    outcome: OutcomeName | None = None
    tokens: Tokens | None = None
    lost: bool = False
    again: bool = False
    pause: float | None = None


class DraftModel(Protocol):
    """A model's service. Calls come from several threads."""

    def ask(self, request: Request, seconds: float) -> Answered:
        """What one call came to within so many seconds. Raises nothing: every way to end has a name."""

    def close(self) -> None:
        """End all connections, also those of calls that still wait."""


@dataclass(frozen=True, slots=True)
class OutcomeMeaning:
    """What an outcome means: the words for "No language model was used (…)", and whether the draft is still owed.

    `account` outcomes would be the same for every other request of the run; `service` outcomes probably so.
    """

    words: str
    owed: bool = False
    account: bool = False
    service: bool = False


OUTCOMES: dict[OutcomeName, OutcomeMeaning] = {
    "drafted": OutcomeMeaning("the first answer broke no rule"),
    "repaired": OutcomeMeaning("the repaired answer broke no rule"),
    "degraded": OutcomeMeaning("parts that could not be checked were removed"),
    "unverified": OutcomeMeaning("the model's answer did not survive the check against the evidence"),
    "not_schema": OutcomeMeaning("the model's answer did not have the form that was asked for"),
    "empty": OutcomeMeaning("the model's answer was empty"),
    "refused": OutcomeMeaning("the model declined to answer"),
    "truncated": OutcomeMeaning("the model's answer was cut off at the limit of its length"),
    "context_exceeded": OutcomeMeaning("the evidence was too long for the model"),
    "unexpected_stop": OutcomeMeaning("the model stopped for a reason that is not known here"),
    "not_api": OutcomeMeaning("what answered was not the model's service", owed=True, service=True),
    "rate_limited": OutcomeMeaning(
        "the model's service limits the rate of requests", owed=True, service=True
    ),
    "overloaded": OutcomeMeaning("the model's service was overloaded", owed=True, service=True),
    "server_error": OutcomeMeaning("the model's service failed", owed=True, service=True),
    "timeout": OutcomeMeaning("the model did not answer in time", owed=True, service=True),
    "unreachable": OutcomeMeaning("the model's service could not be reached", owed=True, service=True),
    "no_key": OutcomeMeaning("no key", owed=True, account=True),
    "bad_key": OutcomeMeaning("the key was not accepted", owed=True, account=True),
    "forbidden": OutcomeMeaning("the key may not use this model", owed=True, account=True),
    "unbilled": OutcomeMeaning("the account cannot be billed", owed=True, account=True),
    "no_model": OutcomeMeaning("the configured model is not known to the service", owed=True, account=True),
    "bad_request": OutcomeMeaning("the service did not accept the request", service=True),
    "too_large": OutcomeMeaning("the request was too large for the service"),
    "cap_groups": OutcomeMeaning("the run's cap on drafts was reached", owed=True),
    "cap_usd": OutcomeMeaning("the run's budget was spent", owed=True),
    "out_of_time": OutcomeMeaning("the run's time for drafting was over", owed=True),
}


@dataclass(frozen=True, slots=True)
class Spend:
    """Tokens and dollars of one or more calls. `unseen_usd` is what may have been billed for calls that gave no answer."""

    calls: int = 0
    input: int = 0
    output: int = 0
    written: int = 0
    read: int = 0
    usd: float = 0.0
    unseen_usd: float = 0.0

    def __add__(self, other: "Spend") -> "Spend":
        """Both together."""
        return Spend(
            self.calls + other.calls,
            self.input + other.input,
            self.output + other.output,
            self.written + other.written,
            self.read + other.read,
            self.usd + other.usd,
            self.unseen_usd + other.unseen_usd,
        )


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one request. `draft` is there for drafted, repaired and degraded, and only for these.

    `detail` are the service's own words, redacted and cut, for the log; `rules` the broken rules of the last answer.
    """

    key: str
    outcome: OutcomeName
    draft: FiveWhys | None = None
    detail: str = ""
    rules: tuple[str, ...] = ()
    spend: Spend = Spend()

    @property
    def owed(self) -> bool:
        """Whether the draft is to be made by a later run."""
        return OUTCOMES[self.outcome].owed

    @property
    def reason(self) -> str:
        """The reason for a digest's banner, in words."""
        return OUTCOMES[self.outcome].words


@dataclass(frozen=True, slots=True)
class Drafting:
    """What came of all requests, in their order, and what it cost."""

    results: tuple[Result, ...]
    spend: Spend
