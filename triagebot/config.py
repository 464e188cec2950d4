"""`.github/triagebot.toml` as a frozen value. An unknown key is an error that names it and the nearest known one.

In: the file's text and the name to blame. Out: a `Config`. It reads no file and no environment. The tables are plain
dataclasses; pydantic checks them (bounds stand in the fields' metadata) and is loaded only where there is a file to check.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any, ClassVar, Literal

from triagebot.errors import UserError

Priority = Literal["P1", "P2", "P3", "P4", "P5"]


class _Table:
    """A table of the config, closed to unknown keys."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}


@dataclass(frozen=True)
class Risk(_Table):
    """`impact` of a suite: words, and an amount per unit of one stream where somebody counted it."""

    text: str
    amount: float | None = field(default=None, metadata={"ge": 0})
    unit: str = ""
    stream: str = ""


@dataclass(frozen=True)
class Suite(_Table):
    """`[[suites]]`: which tests belong together and what they protect. `match` is a glob over display ids."""

    match: str
    name: str = ""
    phase: str = ""
    priority: Priority = "P3"
    area: str = ""
    owner: str = ""
    impact: Risk | None = None

    def holds(self, test: str) -> bool:
        """Whether a display id belongs here. `*` matches across `/` and `::`, as people expect of a node id."""
        return fnmatchcase(test, self.match) or fnmatchcase(test, self.match + "::*")


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Limits(_Table):
    """How much one run may change. `max_new_issues` None means the tracker's default (10 on GitHub, none locally).

    `silence_days`: a scope without a run for so many days is an alarm of `sweep`; None means that it is only said.
    """

    max_new_issues: int | None = field(default=None, metadata={"ge": 0})
    breaker: int = field(default=50, metadata={"ge": 1})
    silence_days: int | None = field(default=None, metadata={"ge": 1})


@dataclass(frozen=True)
class Alias(_Table):
    """`[[aliases]]`: adopt an issue that people opened as the home of a key."""

    key: str
    issue: int = field(metadata={"ge": 1})


@dataclass(frozen=True)
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

    def __post_init__(self) -> None:
        if not any((self.text, self.type, self.message, self.test, self.kind)):
            raise ValueError(
                "says nothing, so it would match everything; give text, type, message, test or kind"
            )
        for value in (self.text, self.type, self.message):
            _compiles(value)


def _compiles(value: str) -> None:
    """A regex between slashes is one."""
    if len(value) > 2 and value.startswith("/") and value.endswith("/"):
        try:
            re.compile(value[1:-1])
        except re.error as error:
            raise ValueError(f"{value} is not a regular expression: {error}") from None


@dataclass(frozen=True)
class Rule(_Table):
    """`[[rules]]`: the user's own judgement, tried in order before ours; the first match wins.

    `key` puts what matches under `rule-<key>`; `ignore` leaves it out; `split` keeps our signature and adds the named
    facts to it, so that one group becomes several.
    """

    when: When
    key: str = ""
    ignore: bool = False
    split: tuple[Literal["test", "module", "phase", "host", "type"], ...] = ()
    title: str = ""
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if sum((bool(self.key), self.ignore, bool(self.split))) != 1:
            raise ValueError("a rule has exactly one of key, ignore and split")


@dataclass(frozen=True)
class Storms(_Table):
    """`[storms]`: from how many new keys, and from what share of the run's tests failing, a run is one incident."""

    new_keys: int = field(default=10, metadata={"ge": 2})
    share: float = field(default=0.3, metadata={"ge": 0, "le": 1})
    victim_runs: int = field(default=5, metadata={"ge": 2})


@dataclass(frozen=True)
class ScopeRule(_Table):
    """`[[scopes]]`: a branch and environment whose runs may file issues. "*" matches anything."""

    branch: str = "*"
    environment: str = "*"

    def holds(self, branch: str | None, environment: str | None) -> bool:
        """Whether a run of this branch and environment may file issues; an unknown one matches only "*"."""
        return fnmatchcase(branch or "", self.branch) and fnmatchcase(environment or "", self.environment)


@dataclass(frozen=True)
class Drafts(_Table):
    """`[drafts]`: which model drafts, and how much one run may spend on it.

    Times in seconds, sizes in tokens, money in US dollars. `price_input` and `price_output` (per million tokens)
    override the built-in table, which knows the default models; an unknown model without prices is billed as the
    dearest of the table. `region` and `project` are for Bedrock and Vertex.
    """

    model: str = field(default="claude-sonnet-5-5", metadata={"min_length": 1, "max_length": 200})
    provider: Literal["anthropic", "bedrock", "vertex"] = "anthropic"
    effort: Literal["low", "medium", "high", "xhigh", "max"] = "medium"
    region: str = ""
    project: str = ""
    max_groups: int = field(default=5, metadata={"ge": 0})
    max_evidence_tokens: int = field(default=12_000, metadata={"ge": 500, "le": 150_000})
    max_output_tokens: int = field(default=12_000, metadata={"ge": 500, "le": 21_000})
    max_usd: float = field(default=2.0, metadata={"ge": 0})
    deadline_s: float = field(default=300, metadata={"gt": 0})
    call_timeout_s: float = field(default=120, metadata={"gt": 0})
    parallel: int = field(default=4, metadata={"ge": 1, "le": 16})
    price_input: float | None = field(default=None, metadata={"ge": 0})
    price_output: float | None = field(default=None, metadata={"ge": 0})


@dataclass(frozen=True)
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
    hosts: Mapping[str, str] = field(default_factory=dict)
    in_app: tuple[str, ...] = ()
    storms: Storms = Storms()


def load(text: str, name: str) -> Config:
    """The config that `text` (TOML) describes.

    Raises UserError naming `name`, the key and the nearest known key for anything that is not understood.
    """
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415  # 0.1 s, for those who have a file

    try:
        return TypeAdapter(Config).validate_python(_spelled_out(tomllib.loads(text)))
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{name}: not TOML: {error}. Mend that place and run again.") from None
    except ValidationError as error:
        said = (
            _say(detail["loc"], detail["type"], detail["msg"], detail["input"]) for detail in error.errors()
        )
        raise UserError("\n".join(f"{name}: {line}" for line in said)) from None


_SHORT = {"suites": "impact", "rules": "when"}
"""Lists of tables, and the table in each of which a bare string is the text."""


def _spelled_out(document: dict[str, Any]) -> dict[str, Any]:
    """The document with `impact = "words"` and `when = "words"` as tables that hold these words as their text."""
    spelled = {
        name: [_with_text(entry, _SHORT[name]) for entry in document[name]]
        for name in _SHORT
        if isinstance(document.get(name), list)
    }
    return document | spelled


def _with_text(entry: Any, name: str) -> Any:
    """One table of a list with a bare string under `name` as a table."""
    short = isinstance(entry, dict) and isinstance(entry.get(name), str)
    return entry | {name: {"text": entry[name]}} if short else entry


def _say(loc: tuple[int | str, ...], kind: str, message: str, found: Any) -> str:
    """One validation error in the words of the file."""
    where = _path(loc)
    if kind != "unexpected_keyword_argument":
        return f"{where}: {message[:1].lower()}{message[1:]} (found {found!r})"
    known = _known_keys(loc[:-1])
    near = get_close_matches(str(loc[-1]), known, n=1)
    return f"unknown key {where}; {f'did you mean {near[0]}?' if near else 'known keys: ' + ', '.join(known)}"


def _path(loc: tuple[int | str, ...]) -> str:
    """A location as people write it: suites[1].priority, counted from 1."""
    text = ""
    for part in loc:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


def _known_keys(loc: tuple[int | str, ...]) -> list[str]:
    """The keys that the table at `loc` knows."""
    table: type[Any] = Config
    for part in loc:
        annotations = {known.name: known.type for known in fields(table)}
        if isinstance(part, str) and part in annotations:
            table = _table_in(annotations[part]) or table
    return sorted(known.name for known in fields(table))


def _table_in(annotation: Any) -> type[Any] | None:
    """The table type inside an annotation such as tuple[Suite, ...] or Risk | None."""
    if isinstance(annotation, type) and is_dataclass(annotation):
        return annotation
    return next((found for arg in getattr(annotation, "__args__", ()) if (found := _table_in(arg))), None)
