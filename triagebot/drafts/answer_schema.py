"""The schema that a model answers in: one static pydantic model, three levels deep.

In: JSON text. Out: an `Answer`, or pydantic's `ValidationError`. Everything is required and nothing unknown is
accepted; there are no optional fields, no maps and no number of confidence, for a model fills what it is offered.
What a schema cannot say (lengths, references, truth of a quote) is `verify`'s. There is no title, label, person,
link or Markdown here: those are made by code. Changing anything below changes the request that is sent, loses the
provider's cache, and needs a new `SCHEMA_VERSION` in the manifest of prompts.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

SCHEMA_VERSION = 1

Branch = Literal["occurrence", "detection"]
Status = Literal["supported", "hypothesis", "unknown"]
Rank = Literal["primary", "secondary", "tertiary"]
Verdict = Literal["root_cause_supported", "root_cause_hypothesis", "insufficient_evidence"]
Purpose = Literal["correct", "prevent", "detect"]
Window = Literal["now", "24h", "later"]
Standing = Literal["ruled_out", "open"]


class _Closed(BaseModel):
    """Frozen, and closed to fields that nobody asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Ref(_Closed):
    """One quotation: the evidence id ("E7"), the number of the line inside that item, and its words verbatim."""

    evidence: str
    line: int
    quote: str


class Why(_Closed):
    """One step. `parent` is the id of the why that it explains, or "" when it explains the problem itself."""

    id: str
    parent: str
    branch: Branch
    sentence: str
    status: Status
    refs: tuple[Ref, ...]
    refuted_by: str


class Root(_Closed):
    """A why (a leaf) at which the asking stopped, and how much of the failure it carries."""

    why: str
    rank: Rank


class Rival(_Closed):
    """Another cause that was considered, and what the evidence says against it (or that nothing does yet)."""

    cause: str
    standing: Standing
    because: str
    refs: tuple[Ref, ...]


class Action(_Closed):
    """One thing to do about a root: what, why it counts as done, and until when."""

    root: str
    purpose: Purpose
    step: str
    done_when: str
    window: Window


class Missing(_Closed):
    """Evidence that would settle an open step, and how to get it next time."""

    what: str
    how: str


class Answer(_Closed):
    """The whole of what a model may say."""

    whys: tuple[Why, ...]
    roots: tuple[Root, ...]
    rivals: tuple[Rival, ...]
    actions: tuple[Action, ...]
    missing: tuple[Missing, ...]
    verdict: Verdict


RANKS: tuple[Rank, ...] = ("primary", "secondary", "tertiary")
