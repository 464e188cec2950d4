"""The tables of `.github/triagebot.toml` as frozen values, each key with its meaning, default and bounds.

In: nothing. Out: types. They are plain dataclasses, so that a command without a file does not load pydantic, which
checks the bounds in the fields' metadata.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, is_dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Any, ClassVar, Literal

from triagebot.config.amounts import seconds
from triagebot.config.amounts import share as share_of
from triagebot.config.bounded import runs_away

Priority = Literal["P1", "P2", "P3", "P4", "P5"]


def setting(description: str, *, default: Any = MISSING, factory: Any = MISSING, **bounds: Any) -> Any:
    """A key of a table: what it means to whoever writes the file, its default, and the bounds of its value.

    `bounds` are pydantic's (`ge`, `gt`, `le`, `min_length`, …, `alias` for a key that Python keeps to itself). The description stands in the JSON Schema and in
    docs/configuration.md.
    """
    metadata = {"description": description, **bounds}
    if factory is not MISSING:
        return field(default_factory=factory, metadata=metadata)
    return field(metadata=metadata) if default is MISSING else field(default=default, metadata=metadata)


class _Table:
    """A table of the config, closed to unknown keys."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}


@dataclass(frozen=True)
class Risk(_Table):
    """`impact` of a suite: words, and an amount per unit of one stream where somebody counted it."""

    text: str = setting("What people lose while the suite is red, in words.")
    amount: float | None = setting("How much of it is at risk, where somebody counted.", default=None, ge=0)
    unit: str = setting("What the amount counts, such as `$ MRR`.", default="")
    stream: str = setting("Amounts of one stream are never added twice.", default="")


@dataclass(frozen=True)
class Suite(_Table):
    """`[[suites]]`: which tests belong together and what they protect. `match` is a glob over display ids."""

    match: str = setting("A glob over test ids; `*` also matches `/` and `::`.")
    name: str = setting("What people call the suite.", default="")
    phase: str = setting("The phase of the test plan to which it belongs.", default="")
    priority: Priority = setting("Priority of the issues about its tests.", default="P3")
    area: str = setting("The part of the product; becomes a label.", default="")
    owner: str = setting("Who looks after it.", default="")
    impact: Risk | None = setting("What is at risk; a bare string is its text.", default=None)
    min_duration: str = setting(
        "All its tests together never take less than this (`2m`) when they are real; faster passes prove nothing.",
        default="",
    )
    requires: tuple[str, ...] = setting(
        "Addresses that its tests must reach (`https://api.example.com`, `wss://…`); a pass without proves nothing.",
        default=(),
    )
    no_mocks: bool = setting(
        "A pass during which a mock stood in the place of a service proves nothing.", default=False
    )

    def __post_init__(self) -> None:
        if self.min_duration:
            seconds(self.min_duration)
        for address in self.requires:
            if "://" not in address or not address.partition("://")[2].strip("/"):
                raise ValueError(f"{address!r} is no address; write it as https://api.example.com")

    @property
    def called(self) -> str:
        """What people call it: its name, else its glob."""
        return self.name or self.match

    def holds(self, test: str) -> bool:
        """Whether a display id belongs here. `*` matches across `/` and `::`, as people expect of a node id."""
        return fnmatchcase(test, self.match) or fnmatchcase(test, self.match + "::*")


@dataclass(frozen=True)
class Labels(_Table):
    """Names of the labels that the bot sets or obeys."""

    generated: str = setting(
        "On every issue of ours; who takes it off takes the issue over.", default="triagebot"
    )
    muted: str = setting("Set by people: the bot leaves the issue alone.", default="muted")
    incident: str = setting("An issue about a whole storm.", default="incident")
    regression: str = setting("The cause was closed and came back.", default="regression")
    flaky: str = setting("The tests pass and fail on the same code.", default="flaky")
    draft: str = setting("The root cause is a draft that nobody judged.", default="triage: draft")
    confirmed: str = setting("A maintainer accepted the root cause.", default="triage: confirmed")
    rejected: str = setting("A maintainer rejected the root cause.", default="triage: rejected")
    needs_evidence: str = setting("A maintainer asked for evidence.", default="triage: needs-evidence")
    session: str = setting("The record of a session of the staging loop.", default="session")
    board: str = setting("On the dashboard issue.", default="triage: board")
    priority_prefix: str = setting("Stands before the priority in its label.", default="")
    area_prefix: str = setting("Stands before the area in its label.", default="area: ")


@dataclass(frozen=True)
class Limits(_Table):
    """How much one command may read, and one run change.

    What a limit keeps from being read is told, the rest is triaged, and such a run proves nothing.
    """

    max_new_issues: int | None = setting(
        "Issues that one run may open; the rest is held and filed by the next one. Default: 10 on GitHub, no limit locally.",
        default=None,
        ge=0,
    )
    breaker: int = setting("More new issues than this at once open nothing.", default=50, ge=1)
    silence_days: int | None = setting(
        "Days without a run of a scope after which `sweep` fails. Default: it only says so.",
        default=None,
        ge=1,
    )
    # Reports cost about five times their size in memory, and a hosted runner has 7 GB.
    read_mb: int = setting(
        "Megabytes of reports that one command reads, packed ones as they lie.", default=512, ge=1
    )
    # Deflate packs a thousand to one, so that a small file could fill any memory. Reports pack 5 to 40 to one and cost
    # two to five times their unpacked size, 90 times the packed one at most; this and `ratio` hold 2 MB below 300 MB.
    unpacked_mb: int = setting(
        "Megabytes of memory for the packed reports of one command, beside `ratio`.", default=80, ge=1
    )
    ratio: int = setting("How many times its packed size a report may cost at any rate.", default=70, ge=1)
    # A folder of reports has tens of files; a folder that was named by mistake has all of a checkout.
    files: int = setting(
        "Files below folders and in archives that one command looks at.", default=10_000, ge=1
    )
    # A case costs about 2 kB, however short it is written.
    cases: int = setting("Tests that one command reads.", default=50_000, ge=1)
    # A failing one costs up to a millisecond more, and nobody asks why ten thousand tests fail one by one.
    failures: int = setting("Failing tests that one command groups.", default=10_000, ge=1)
    # Suites stand in each other as folders and classes do: a dozen levels at most.
    depth: int = setting("Levels of elements in each other in one XML report.", default=100, ge=4)
    # Long parameters make long names, and a page of text is none.
    name_chars: int = setting(
        "Characters of a test's name; a longer one is shortened.", default=4_000, ge=200
    )
    # Reading is linear: what takes longer than this is no report, or the machine has stopped.
    seconds: float = setting("Seconds after which no further report is read.", default=300, gt=0)


@dataclass(frozen=True)
class Alias(_Table):
    """`[[aliases]]`: adopt an issue that people opened as the home of a key."""

    key: str = setting("The key of the cause.")
    issue: int = setting("The number of the issue that people opened for it.", ge=1)


def named_suites(test: str, suites: Iterable[Suite]) -> str:
    """The names of the suites that hold a test, each once, in the order of the config; "" for none."""
    return ", ".join(dict.fromkeys(suite.called for suite in suites if suite.holds(test)))


@dataclass(frozen=True)
class When(_Table):
    """`when` of a rule: every field that is given must match. A value is a literal text, or a regex between slashes.

    `text` looks at the report's message and long text, `message` at the chosen exception's own, `type` at its type,
    `test` at the display id (a glob), `kind` at the kind that the extractors found, `key` at the key that they gave.
    """

    text: str = setting("Found in the report's message or long text.", default="")
    type: str = setting("Found in the exception's type.", default="")
    message: str = setting("Found in the exception's own message.", default="")
    test: str = setting("A glob over test ids.", default="")
    kind: str = setting("The kind of signature, such as `ws.close`.", default="")
    key: str = setting("The key of a cause as `group` tells it without this rule.", default="")

    def __post_init__(self) -> None:
        if not any((self.text, self.type, self.message, self.test, self.kind, self.key)):
            raise ValueError(
                "says nothing, so it would match everything; give text, type, message, test, kind or key"
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

    when: When = setting("What a failure must show; a bare string is its text.")
    key: str = setting("Failures that match share the key `rule-<key>`.", default="")
    ignore: bool = setting("Failures that match are left out.", default=False)
    split: tuple[Literal["test", "module", "phase", "host", "type", "suite"], ...] = setting(
        "Our signature, told apart by these facts too.", default=()
    )
    title: str = setting("The title of the issue.", default="")
    labels: tuple[str, ...] = setting("Labels for the issue.", default=())

    def __post_init__(self) -> None:
        if sum((bool(self.key), self.ignore, bool(self.split))) != 1:
            raise ValueError("a rule has exactly one of key, ignore and split")


@dataclass(frozen=True)
class Storms(_Table):
    """`[storms]`: from how many new keys, and from what share of the run's tests failing, a run is one incident."""

    new_keys: int = setting(
        "From so many new causes on, with `share`, a run is one incident.", default=10, ge=2
    )
    share: float = setting("The share of the run's tests that failed.", default=0.3, ge=0, le=1)
    victim_runs: int = setting(
        "Runs in which a cause was seen, and never without another, before it is shown as that one's consequence.",
        default=5,
        ge=2,
    )


@dataclass(frozen=True)
class ScopeRule(_Table):
    """`[[scopes]]`: a branch and environment whose runs may file issues. "*" matches anything."""

    branch: str = setting("A glob over branches.", default="*")
    environment: str = setting("A glob over environments.", default="*")

    def holds(self, branch: str | None, environment: str | None) -> bool:
        """Whether a run of this branch and environment may file issues; an unknown one matches only "*"."""
        return fnmatchcase(branch or "", self.branch) and fnmatchcase(environment or "", self.environment)


@dataclass(frozen=True)
class Causes(_Table):
    """`[causes]`: whether groups that one explanation covers are one issue."""

    join: Literal["strict", "suggest", "off"] = setting(
        "`strict` files one issue for groups that one explanation covers, `suggest` only says which these are, `off` looks for none.",
        default="strict",
    )


@dataclass(frozen=True)
class Drafts(_Table):
    """`[drafts]`: which model drafts, and how much one run may spend on it.

    Times in seconds, sizes in tokens, money in US dollars. `price_input` and `price_output` (per million tokens)
    override the built-in table, which knows the default models; an unknown model without prices is billed as the
    dearest of the table. `region` and `project` are for Bedrock and Vertex.
    """

    model: str = setting("The model that drafts.", default="claude-sonnet-5-5", min_length=1, max_length=200)
    provider: Literal["anthropic", "bedrock", "vertex"] = setting("Who serves it.", default="anthropic")
    effort: Literal["low", "medium", "high", "xhigh", "max"] = setting(
        "How long it may think.", default="medium"
    )
    region: str = setting("Region of Bedrock or Vertex.", default="")
    project: str = setting("Project of Vertex.", default="")
    max_groups: int = setting("Causes that one run drafts at most.", default=5, ge=0)
    max_evidence_tokens: int = setting(
        "Size of the evidence for one draft, in tokens.", default=12_000, ge=500, le=150_000
    )
    max_output_tokens: int = setting("Size of one answer, in tokens.", default=12_000, ge=500, le=21_000)
    max_usd: float = setting("US dollars that one run may spend.", default=2.0, ge=0)
    deadline_s: float = setting("Seconds that all drafts of a run may take.", default=300, gt=0)
    call_timeout_s: float = setting("Seconds that one call may take.", default=120, gt=0)
    parallel: int = setting("Calls at the same time.", default=4, ge=1, le=16)
    price_input: float | None = setting(
        "US dollars for a million tokens in. Default: the built-in table.", default=None, ge=0
    )
    price_output: float | None = setting(
        "US dollars for a million tokens out. Default: the built-in table.", default=None, ge=0
    )


@dataclass(frozen=True)
class HistoryLimits(_Table):
    """`[history]`: how long history keeps runs, and how long one command waits for its home in all."""

    keep_days: int = setting(
        "Days that runs are kept, before the newest one; of older ones counts by day stay. A branch, which is read whole, "
        "keeps 90 at most, and no counts.",
        default=400,
        ge=1,
        le=36_500,
    )
    timeout_s: float = setting(
        "Seconds that one command waits for a database in all; then it goes on with what the issues remember.",
        default=30.0,
        gt=0,
        le=86_400,
    )


@dataclass(frozen=True)
class Reviews(_Table):
    """`[reviews]`: who may steer the bot beside the people with triage permission."""

    bots: tuple[str, ...] = setting(
        "Logins of bots whose commands are obeyed where they have triage permission; others never are.",
        default=(),
    )


@dataclass(frozen=True)
class Contract(_Table):
    """`[[contracts]]`: what the product promises about its events, read from what tests logged or recorded.

    A unit is what `per` tells apart (a run, a user); without it a test is one unit. An event is a line that names one of
    `events` or of `before`; `pattern` says how a line names its parts where they are not found without it.
    """

    name: str = setting("What people call it.", min_length=1)
    events: tuple[str, ...] = setting("Events that every unit must show.", default=())
    ordered: bool = setting("They come in this order.", default=False)
    within: str = setting("From the first to the last of them no more than this (`30s`).", default="")
    per: str = setting(
        "The field that tells units apart, such as `run_id`; an event of a unit that did not start in the test is a breach.",
        default="",
    )
    each: str = setting(
        "The field for each of whose values in a unit all events are needed, such as `agent`.", default=""
    )
    before: tuple[tuple[str, str], ...] = setting(
        "Pairs: the first ends before the second begins, in every unit. Names of events, or values of the field `part`.",
        default=(),
    )
    part: str = setting("The field in which the names of `before` stand.", default="agent")
    where: str = setting(
        "A suite's name or a glob over test ids: these tests must show the events. Default: tests that show any of them.",
        default="",
    )
    found_in: Literal["log", "stdout", "properties", "metadata"] = setting(
        "Where events stand: captured logs and log files, printed lines, what `triagebot_events` or the suite recorded as "
        "properties, metadata of the JSON report.",
        default="log",
    )
    pattern: str = setting(
        "A regular expression for one line, with the groups `event` and, as far as they are needed, `unit`, `each`, `part` "
        "and `at`; every repetition in it has an end, as in `\\w{1,80}`.",
        default="",
    )
    enforce: bool = setting("A breach in a passing test is filed as a failure.", default=False)

    def __post_init__(self) -> None:
        if not self.events and not self.before:
            raise ValueError("promises nothing; give events or before")
        if self.within:
            seconds(self.within)
        if self.pattern:
            _is_bounded(self.pattern)


def _is_bounded(pattern: str) -> None:
    """A pattern that cannot run away, and that names an event."""
    try:
        names = re.compile(pattern).groupindex
    except re.error as error:
        raise ValueError(f"{pattern} is not a regular expression: {error}") from None
    if "event" not in names:
        raise ValueError(f"{pattern} has no group (?P<event>…)")
    if reason := runs_away(pattern):
        raise ValueError(f"{pattern}: {reason}")


@dataclass(frozen=True)
class Gate(_Table):
    """`[[gates]]`: what must be proven before people go on. A gate is about a priority, a suite or a contract.

    A proof is a pass at the first attempt, in a run that was not stopped, that is not unproven, quarantined or too old.
    """

    name: str = setting("What people call it. Default: what it is about.", default="")
    priority: Priority | None = setting("All tests of the suites of this priority.", default=None)
    suite: str = setting("All tests of this suite.", default="")
    contract: str = setting("This contract, in every test that it is about.", default="")
    share: str = setting("The share of its tests that must be proven.", default="100%", alias="pass")
    tests: int = setting("The least number of tests that must be proven.", default=1, ge=1)
    max_age: str = setting("How old a proof may be (`24h`). Default: any age.", default="")

    def __post_init__(self) -> None:
        if sum((self.priority is not None, bool(self.suite), bool(self.contract))) != 1:
            raise ValueError("a gate is about exactly one of priority, suite and contract")
        share_of(self.share)
        if self.max_age:
            seconds(self.max_age)

    @property
    def called(self) -> str:
        """What people call it."""
        return self.name or self.priority or self.suite or self.contract


@dataclass(frozen=True)
class Quarantine(_Table):
    """`[[quarantine]]`: tests that are run apart until a day, for a reason that an open issue tracks.

    What they do holds no gate open. After the day, or once the issue is closed, the entry is shouted and not obeyed.
    """

    match: str = setting("A glob over test ids; `*` also matches `/` and `::`.", min_length=1)
    until: date = setting("The last day (UTC) on which it is obeyed, such as 2026-01-31.")
    issue: int = setting("The number of the open issue about it.", ge=1)
    reason: str = setting("Why, in a few words.", min_length=1)

    def holds(self, test: str) -> bool:
        """Whether a display id is meant."""
        return fnmatchcase(test, self.match) or fnmatchcase(test, self.match + "::*")


@dataclass(frozen=True)
class BoardRules(_Table):
    """`[board]`: where `triage` and `sweep` show the state of everything."""

    issue: bool = setting(
        "Keep one dashboard issue on GitHub up to date, with boxes that people with triage permission tick.",
        default=False,
    )
    project: str = setting(
        "A GitHub Project (`owner/7`) that shows every open cause, by the fields Status, Priority, Area, At risk and Last seen. Needs "
        "the token of an App or a fine-grained one.",
        default="",
    )


@dataclass(frozen=True)
class Notify(_Table):
    """`[notify]`: a chat that is told of urgent causes. Its incoming webhook stands in the variable TRIAGEBOT_NOTIFY_URL."""

    to: Literal["off", "slack", "teams"] = setting(
        "Which chat: one message a command, when a cause is new, came back or was closed, or a scope fell silent.",
        default="off",
    )
    priorities: tuple[Priority, ...] = setting("Causes of these priorities are told.", default=("P1", "P2"))


@dataclass(frozen=True)
class Config(_Table):
    """The whole file. Every part has a default, so that an empty file is a good one."""

    authors: tuple[str, ...] = setting(
        "Logins beside our own whose issues carry markers of ours.", default=()
    )
    scopes: tuple[ScopeRule, ...] = setting(
        "Which runs file issues. Default: those of the default branch, and locally all.", default=()
    )
    suites: tuple[Suite, ...] = setting(
        "What tests protect; every suite that matches a test counts.", default=()
    )
    labels: Labels = setting("Names of labels.", default=Labels())
    limits: Limits = setting("How much one command may read, and one run change.", default=Limits())
    aliases: tuple[Alias, ...] = setting("Issues of people that are the home of a cause.", default=())
    causes: Causes = setting("When several signatures are one cause.", default=Causes())
    drafts: Drafts = setting("Which model drafts root causes, and how much that may cost.", default=Drafts())
    rules: tuple[Rule, ...] = setting(
        "Your own judgement, before ours; the first that matches counts.", default=()
    )
    hosts: Mapping[str, str] = setting("Names of hosts in reports, and what to call them.", factory=dict)
    in_app: tuple[str, ...] = setting("Globs over files that are your own code.", default=())
    storms: Storms = setting("When many new causes are one incident.", default=Storms())
    reviews: Reviews = setting("Who may steer the bot.", default=Reviews())
    contracts: tuple[Contract, ...] = setting("What the product promises about its events.", default=())
    gates: tuple[Gate, ...] = setting("What must be proven before people go on.", default=())
    quarantine: tuple[Quarantine, ...] = setting("Tests that are run apart for a while.", default=())
    notify: Notify = setting("Which chat is told of urgent causes.", default=Notify())
    board: BoardRules = setting("Where the state of everything is shown.", default=BoardRules())
    history: HistoryLimits = setting(
        "How long history keeps runs, and how long it is waited for.", default=HistoryLimits()
    )

    def __post_init__(self) -> None:
        suites = {suite.called for suite in self.suites}
        contracts = {contract.name for contract in self.contracts}
        for gate in self.gates:
            if gate.suite and gate.suite not in suites:
                raise ValueError(f"the gate {gate.called} names a suite that is none of [[suites]]")
            if gate.contract and gate.contract not in contracts:
                raise ValueError(f"the gate {gate.called} names a contract that is none of [[contracts]]")


def table_in(annotation: Any) -> type[Any] | None:
    """The table type inside an annotation such as tuple[Suite, ...] or Risk | None."""
    if isinstance(annotation, type) and is_dataclass(annotation):
        return annotation
    return next((found for arg in getattr(annotation, "__args__", ()) if (found := table_in(arg))), None)
