"""The values of grouping: one `Group` per cause, and incidents that name their parts."""

from dataclasses import dataclass
from datetime import datetime

from triagebot.redact import Fact
from triagebot.reports.model import Failure
from triagebot.signatures.model import Signature


@dataclass(frozen=True, slots=True)
class Risk:
    """What somebody stands to lose, in words; `amount` per `unit` (MRR, ARR, …) of one `stream` where it was given.

    Two risks of one stream are the same money. Amounts of different units are never added.
    """

    text: str
    amount: float | None = None
    unit: str = ""
    stream: str = ""


@dataclass(frozen=True, slots=True)
class Impact:
    """What is at risk when these tests fail, from the configured suites that they belong to.

    `priority` is "P1" … "P5" (the most urgent of the suites, P3 without any). `suites`, `phases`, `areas`, `owners`
    and `risks` are in the order of the config, without repeats.
    """

    priority: str = "P3"
    suites: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    risks: tuple[Risk, ...] = ()


@dataclass(frozen=True, slots=True)
class Suspect:
    """A commit after the last green run that touches where failing tests leave their green paths.

    `touches` says in words what it touches; `path` is within the repository, `hunk` a unified diff of what it changed there, header
    first. `at` is UTC.
    """

    commit: Fact
    at: datetime | None
    subject: str
    touches: str
    path: str
    hunk: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A function at which some tests of a group (display ids) leave their green paths, and in words what happens there."""

    name: str
    tests: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Variant:
    """Failures of one group whose masked text differs from the others': a name for it and how many there are."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Raised:
    """Where the error of a group's exemplar was raised, as far as the report shows it: `function` of the code under test ("" for
    assertions of tests), `line` of source where nothing was called in between ("" elsewhere).
    """

    function: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """All failures of one run with one key. `failures[0]` is the exemplar; `tests` are display ids without repeats.

    `wordings` is how each of the failures says it, in their order: the masked first line of its root. It is empty when they
    all say the same, which in a large group is judged by the first 200. `parts` are the groups that were joined to this one as
    one cause, itself among them; `findings` what sets its tests apart from passing ones, in sentences.
    `origin` is the key of which a person made this a part, "" elsewhere. `suspects` are commits, most suspect first, `code` the file in
    which its tests leave their green paths, `code_owners` those whom CODEOWNERS names for it. `places` are the disjoint ones at which its tests do, where there are several. `whole` is the key of the
    cause of which this is a part that survived the fix of the rest, "" elsewhere.
    """

    signature: Signature
    failures: tuple[Failure, ...]
    tests: tuple[str, ...]
    variants: tuple[Variant, ...] = ()
    impact: Impact = Impact()
    hints: tuple[str, ...] = ()
    wordings: tuple[str, ...] = ()
    parts: tuple["Group", ...] = ()
    findings: tuple[str, ...] = ()
    origin: str = ""
    suspects: tuple[Suspect, ...] = ()
    code: str = ""
    code_owners: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    whole: str = ""
    raised: Raised = Raised()

    @property
    def each(self) -> tuple["Group", ...]:
        """The groups that stand behind this one: its parts where it is a cause of several, else itself."""
        return self.parts or (self,)

    @property
    def key(self) -> str:
        """The signature's key: the identity under which everything else knows this group."""
        return self.signature.key

    @property
    def exemplar(self) -> Failure:
        """The failure that stands for the group wherever one text is shown."""
        return self.failures[0]


@dataclass(frozen=True, slots=True)
class Incident:
    """A storm: many new keys at once, filed as one issue that names its parts."""

    key: str
    parts: tuple[str, ...]
    title: str
