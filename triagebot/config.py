"""`.github/triagebot.toml` as a frozen value. An unknown key is an error that names it and the nearest known one.

In: the file's text and the name to blame. Out: a `Config`. It reads no file and no environment.
"""

import re
import tomllib
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from triagebot.errors import UserError

Priority = Literal["P1", "P2", "P3", "P4", "P5"]


class _Table(BaseModel):
    """A table of the config: frozen, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Risk(_Table):
    """`impact` of a suite: words, and an amount per unit of one stream where somebody counted it."""

    text: str
    amount: float | None = Field(default=None, ge=0)
    unit: str = ""
    stream: str = ""


def _risk(value: Any) -> Any:
    """A bare string is the text of a risk."""
    return {"text": value} if isinstance(value, str) else value


class Suite(_Table):
    """`[[suites]]`: which tests belong together and what they protect. `match` is a glob over display ids."""

    match: str
    name: str = ""
    phase: str = ""
    priority: Priority = "P3"
    area: str = ""
    owner: str = ""
    impact: Annotated[Risk | None, BeforeValidator(_risk)] = None

    def holds(self, test: str) -> bool:
        """Whether a display id belongs here. `*` matches across `/` and `::`, as people expect of a node id."""
        return fnmatchcase(test, self.match) or fnmatchcase(test, self.match + "::*")


class Labels(_Table):
    """Names of the labels that the bot sets or obeys."""

    generated: str = "triagebot"
    muted: str = "muted"
    incident: str = "incident"
    regression: str = "regression"
    flaky: str = "flaky"
    draft: str = "triage: draft"
    confirmed: str = "triage: confirmed"
    rejected: str = "triage: rejected"
    needs_evidence: str = "triage: needs-evidence"
    priority_prefix: str = ""
    area_prefix: str = "area: "


class Limits(_Table):
    """How much one run may change. `max_new_issues` None means the tracker's default (10 on GitHub, none locally)."""

    max_new_issues: int | None = Field(default=None, ge=0)
    breaker: int = Field(default=50, ge=1)


class Alias(_Table):
    """`[[aliases]]`: adopt an issue that people opened as the home of a key."""

    key: str
    issue: int = Field(ge=1)


class When(_Table):
    """`when` of a rule: every field that is given must match. A value is a literal text, or a regex between slashes.

    `text` looks at the report's message and long text, `message` at the chosen exception's own, `type` at its type,
    `test` at the display id (a glob), `kind` at the kind that the extractors found.
    """

    text: str = ""
    type: str = ""
    message: str = ""
    test: str = ""
    kind: str = ""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not any((self.text, self.type, self.message, self.test, self.kind)):
            raise ValueError(
                "says nothing, so it would match everything; give text, type, message, test or kind"
            )
        for value in (self.text, self.type, self.message):
            _compiles(value)
        return self


def _compiles(value: str) -> None:
    """A regex between slashes is one."""
    if len(value) > 2 and value.startswith("/") and value.endswith("/"):
        try:
            re.compile(value[1:-1])
        except re.error as error:
            raise ValueError(f"{value} is not a regular expression: {error}") from None


def _when(value: Any) -> Any:
    """A bare string is the text of a condition."""
    return {"text": value} if isinstance(value, str) else value


class Rule(_Table):
    """`[[rules]]`: the user's own judgement, tried in order before ours; the first match wins.

    `key` puts what matches under `rule-<key>`; `ignore` leaves it out; `split` keeps our signature and adds the named
    facts to it, so that one group becomes several.
    """

    when: Annotated[When, BeforeValidator(_when)]
    key: str = ""
    ignore: bool = False
    split: tuple[Literal["test", "module", "phase", "host", "type"], ...] = ()
    title: str = ""
    labels: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        if sum((bool(self.key), self.ignore, bool(self.split))) != 1:
            raise ValueError("a rule has exactly one of key, ignore and split")
        return self


class Storms(_Table):
    """`[storms]`: from how many new keys, and from what share of the run's tests failing, a run is one incident."""

    new_keys: int = Field(default=10, ge=2)
    share: float = Field(default=0.3, ge=0, le=1)
    victim_runs: int = Field(default=5, ge=2)


class ScopeRule(_Table):
    """`[[scopes]]`: a branch and environment whose runs may file issues. "*" matches anything."""

    branch: str = "*"
    environment: str = "*"

    def holds(self, branch: str | None, environment: str | None) -> bool:
        """Whether a run of this branch and environment may file issues; an unknown one matches only "*"."""
        return fnmatchcase(branch or "", self.branch) and fnmatchcase(environment or "", self.environment)


class Drafts(_Table):
    """`[drafts]`: which model drafts, and how much one run may spend on it.

    Times in seconds, sizes in tokens, money in US dollars. `price_input` and `price_output` (per million tokens)
    override the built-in table, which knows the default models; an unknown model without prices is billed as the
    dearest of the table. `region` and `project` are for Bedrock and Vertex.
    """

    model: str = Field(default="claude-sonnet-5-5", min_length=1, max_length=200)
    provider: Literal["anthropic", "bedrock", "vertex"] = "anthropic"
    effort: Literal["low", "medium", "high", "xhigh", "max"] = "medium"
    region: str = ""
    project: str = ""
    max_groups: int = Field(default=5, ge=0)
    max_evidence_tokens: int = Field(default=12_000, ge=500, le=150_000)
    max_output_tokens: int = Field(default=12_000, ge=500, le=21_000)
    max_usd: float = Field(default=2.0, ge=0)
    deadline_s: float = Field(default=300, gt=0)
    call_timeout_s: float = Field(default=120, gt=0)
    parallel: int = Field(default=4, ge=1, le=16)
    price_input: float | None = Field(default=None, ge=0)
    price_output: float | None = Field(default=None, ge=0)


class Config(_Table):
    """The whole file. Every part has a default, so that an empty file is a good one."""

    authors: tuple[str, ...] = ()
    scopes: tuple[ScopeRule, ...] = ()
    suites: tuple[Suite, ...] = ()
    labels: Labels = Labels()
    limits: Limits = Limits()
    aliases: tuple[Alias, ...] = ()
    drafts: Drafts = Drafts()
    rules: tuple[Rule, ...] = ()
    hosts: dict[str, str] = Field(default_factory=dict)
    in_app: tuple[str, ...] = ()
    storms: Storms = Storms()


def load(text: str, name: str) -> Config:
    """The config that `text` (TOML) describes.

    Raises UserError naming `name`, the key and the nearest known key for anything that is not understood.
    """
    try:
        return Config.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{name}: not TOML: {error}. Mend that place and run again.") from None
    except ValidationError as error:
        raise UserError("\n".join(f"{name}: {_say(detail)}" for detail in error.errors())) from None


def _say(detail: ErrorDetails) -> str:
    """One validation error in the words of the file."""
    where = _path(detail["loc"])
    if detail["type"] != "extra_forbidden":
        return f"{where}: {detail['msg'].lower()} (found {detail['input']!r})"
    known = _known_keys(detail["loc"][:-1])
    near = get_close_matches(str(detail["loc"][-1]), known, n=1)
    return f"unknown key {where}; {f'did you mean {near[0]}?' if near else 'known keys: ' + ', '.join(known)}"


def _path(loc: tuple[int | str, ...]) -> str:
    """A location as people write it: suites[1].priority, counted from 1."""
    text = ""
    for part in loc:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


def _known_keys(loc: tuple[int | str, ...]) -> list[str]:
    """The keys that the table at `loc` knows."""
    model: type[BaseModel] = Config
    for part in loc:
        if isinstance(part, str) and part in model.model_fields:
            model = _table_in(model.model_fields[part].annotation) or model
    return sorted(model.model_fields)


def _table_in(annotation: Any) -> type[BaseModel] | None:
    """The table type inside an annotation such as tuple[Suite, ...] or Risk | None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in getattr(annotation, "__args__", ()) if (found := _table_in(arg))), None)
