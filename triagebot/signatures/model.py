"""The values of identity: what a failure was judged to be, and every step of that judgement.

A `Signature` is a function of one failure and nothing else. A `Judgement` holds the signature with the whole way
that led to it, so that `explain` reports what happened instead of telling a second story.
"""

from dataclasses import dataclass

from triagebot.reports.model import Failure, Raised

ALGORITHM = 2
"""The version of the way from failure to key. Bumped, with its golden snapshot, whenever a key can change."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What a maintainer would file together: kind, protected slots, and the key computed from exactly those.

    `slots` are (name, value) pairs sorted by name. `aliases` are plain keys that optional inputs (host map, in-app
    paths, plugin data) would otherwise have hidden, `former` those of the algorithm before where it read less: an issue that was
    opened under one is found, and no other. `bare` is the key without the host, "" where there is none; `masked` says that the report masks
    it. `hosts` were read beside the identity and do not contribute.
    `title` is one line of plain text in the words of a maintainer, without secrets but not yet safe as Markdown.
    """

    key: str
    kind: str
    slots: tuple[tuple[str, str], ...]
    title: str
    hosts: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    algorithm: int = ALGORITHM
    former: tuple[str, ...] = ()
    bare: str = ""
    masked: bool = False

    @property
    def known_as(self) -> tuple[str, ...]:
        """Every key under which an issue may be known, its own first."""
        return (self.key, *self.aliases, *self.former)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that was looked at: its name and value, whether it is in the key, and why or why not."""

    name: str
    value: str
    contributes: bool
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One failure's signature and how it came about: the chain read, the root chosen and why, what matched where.

    `extractor` names the extractor that decided (or "fallback", or "rule:<n>"); `span` is the text it read.
    `masks` are (mask name, text replaced) in order. `parsed` is False when no exception could be read from the text.
    `statement` is the code that failed. `ignored` is True when a rule of the user's leaves this failure out, `reread` where the
    algorithm before read another status.
    """

    signature: Signature
    failure: Failure
    chain: tuple[Raised, ...]
    root: Raised
    root_reason: str
    extractor: str
    span: str
    masks: tuple[tuple[str, str], ...]
    parsed: bool = True
    notes: tuple[str, ...] = ()
    ignored: bool = False
    statement: str = ""
    reread: bool = False

    @property
    def parts(self) -> tuple[Part, ...]:
        """Everything that was looked at: what is in the key first, then what is not, each with the reason."""
        signature, frames = self.signature, self.root.frames
        counted = [
            Part("kind", signature.kind, True),
            *(Part(name, value, True) for name, value in signature.slots),
        ]
        rest = [
            Part("type", self.root.type, False, "the kind says more than the class"),
            Part("message", self.root.message.partition("\n")[0], False, "only what was read from it counts"),
            Part("statement", self.statement, False, "counts only as far as it stands masked in a slot"),
            Part(
                "innermost frame",
                f"{frames[-1].path}:{frames[-1].function}" if frames else "",
                False,
                "code moves; counts only as `at`, where the words say little",
            ),
            *(Part("host", host, False, "found beside the identity") for host in signature.hosts),
        ]
        names = {part.name for part in counted}
        return (*counted, *(part for part in rest if part.value and part.name not in names))
