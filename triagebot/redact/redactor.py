"""Text without secrets: finds spans, joins those that overlap, puts placeholders in their place.

In: text. Out: `Redacted`. A `Redactor` remembers which secret got which number, as a digest and never as text, so that
the same secret reads the same through a whole run. Numbers count secrets of one kind in the order in which they are
first met: the same texts in the same order give the same placeholders on any machine. Whoever works in parallel
therefore redacts before fanning out.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from threading import Lock
from types import MappingProxyType

from triagebot.plain_text import normalized
from triagebot.redact.command_lines import command_lines
from triagebot.redact.distant_names import (
    authentications,
    cookie_reprs,
    file_lines,
    model_errors,
    parameters,
    records,
    tags,
    typed_in,
)
from triagebot.redact.key_values import authorized, cookies, named, options
from triagebot.redact.known_values import (
    bare_forms,
    is_telling,
    literal_spans,
    needles,
    runs,
    secret_values,
)
from triagebot.redact.model import Receipt, Redacted, Span
from triagebot.redact.placeholders import PLACEHOLDER
from triagebot.redact.sql_statements import sql_values
from triagebot.redact.surroundings import around_at, cards, private_keys
from triagebot.redact.tokens import prefixed, shaped
from triagebot.redact.vendors import vendor_tokens

_ROUNDS = 8
_LEAST_TOKEN = 14
"""Characters of the shortest token that is known by its shape: a card number."""
_SHORT, _MOST_PLAIN = 64, 10_000
"""Characters of a piece that is remembered when nothing was found in it, and how many are: they repeat beside placeholders."""
_GENERIC = frozenset({"secret", "password", "authorization", "cookie"})
_BY_CONTEXT = _GENERIC | {"url-password", "signature"}


class Redactor:
    """Takes secrets out of text; one for a run. `secrets` maps a variable's name to its value."""

    def __init__(self, secrets: Mapping[str, str] = MappingProxyType({})) -> None:
        self._needles = needles(secrets)
        self._numbers: dict[tuple[str, bytes], int] = {}
        self._met: Counter[str] = Counter()
        self._seen: dict[int, str] = {}  # by hashes of what stands in text, so that no secret is kept
        self._plain: set[str] = set()
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"Redactor({len(self._needles)} needles, {len(self._numbers)} secrets met)"

    def clean(self, text: str) -> Redacted:
        """`text` with every secret replaced by a placeholder such as `[REDACTED:jwt#1]`, and the receipts.

        Escapes and characters that are not seen are left out first, for they can cut a secret in two.

        Cleaning again changes nothing: a replacement can bare another secret beside it, so this looks until none is left.
        A long random value that was known by its context once is known from then on where it stands alone.
        """
        return self._clean(normalized(text), again=True)

    def _clean(self, text: str, *, again: bool) -> Redacted:
        """`clean`, without what only earlier texts tell where not `again`."""
        counts: Counter[str] = Counter()
        pieces = [(0, len(text))]
        for _ in range(_ROUNDS):
            spans = [span for low, high in pieces for span in self._spans(text[low:high], low)]
            if not spans:
                text, kinds = self._without_met(text) if again and self._seen else (text, [])
                if not kinds:
                    break
                counts.update(kinds)
                pieces = [(0, len(text))]
                continue
            text, places = self._replaced(text, spans)
            counts.update(span.kind for span in spans)
            pieces = _lines_at(text, places)
        return Redacted(text, tuple(Receipt(kind, count) for kind, count in sorted(counts.items())))

    def text(self, text: str) -> str:
        """`text` without secrets, for those who need no receipts."""
        return self.clean(text).text

    def lasting(self, text: str) -> str:
        """`text` without secrets, the same in every run, for names that are compared and remembered.

        The numbers of placeholders come from 16 bits of the secret's digest: enough to tell two secrets apart, too few to
        find one out. E-mail addresses stay, for they stand in the code of tests.
        """
        text = normalized(text)
        found = self._clean(text, again=False)
        if all(receipt.kind == "email" for receipt in found.receipts):
            return text
        return PLACEHOLDER.sub(self._lasting, found.text)

    def _lasting(self, found: re.Match[str]) -> str:
        """One of our placeholders under a number that does not depend on what was met before."""
        kind, number = found["kind"], found["number"]
        with self._lock:
            digests = (d for (k, d), n in self._numbers.items() if k == kind and str(n) == number)
            digest = next(digests, None)
        return found[0] if digest is None else f"[REDACTED:{kind}#{10_000 + int.from_bytes(digest[:2])}]"

    def _spans(self, text: str, low: int) -> Iterator[Span]:
        """What has to go from a piece that begins at `low`, in order and without overlaps.

        Placeholders are walls: nothing reaches through them.
        """
        start = 0
        for wall in PLACEHOLDER.finditer(text):
            yield from _shifted(self._found(text[start : wall.start()]), low + start)
            start = wall.end()
        yield from _shifted(self._found(text[start:] if start else text), low + start)

    def _found(self, text: str) -> list[Span]:
        """The spans of text without placeholders."""
        if len(text) < 4 or text in self._plain:
            return []
        found = self._sought(text)
        if not found and len(text) <= _SHORT and len(self._plain) < _MOST_PLAIN:
            self._plain.add(text)
        return found

    def _sought(self, text: str) -> list[Span]:
        """What all patterns find in a text together."""
        # What is sought is ASCII. A byte a character is searched fastest, and lower case that keeps to ASCII keeps
        # positions; letters from elsewhere only have to be something else than white space.
        raw = text.encode("latin-1", "replace")
        narrow, lower = raw.decode("latin-1"), raw.lower().decode("latin-1")
        tokens = (prefixed, shaped, private_keys, cards, vendor_tokens) if len(text) >= _LEAST_TOKEN else ()
        by_context = (
            *(authorized, cookies, named, options, command_lines, sql_values),
            *(records, tags, cookie_reprs, model_errors, authentications, typed_in, parameters, file_lines),
        )
        found = [
            *literal_spans(text, narrow, self._needles),
            *(span for seek in (*tokens, around_at) for span in seek(narrow)),
            *(span for seek in by_context for span in seek(narrow, lower)),
        ]
        return _joined(found)

    def _replaced(self, text: str, spans: list[Span]) -> tuple[str, list[int]]:
        """`text` with a placeholder for every span, and where the placeholders begin."""
        parts: list[str] = []
        places: list[int] = []
        at = length = 0
        for span in spans:
            secret = span.identity or text[span.start : span.end]
            places.append(length + span.start - at)
            parts += [text[at : span.start], self._placeholder(span.kind, secret)]
            length = places[-1] + len(parts[-1])
            at = span.end
        return "".join([*parts, text[at:]]), places

    def _placeholder(self, kind: str, secret: str) -> str:
        """The placeholder of a secret: the same for the same secret, as long as this Redactor lives."""
        digest = blake2b(secret.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        with self._lock:
            if (kind, digest) not in self._numbers:
                self._met[kind] += 1
                self._numbers[kind, digest] = self._met[kind]
            placeholder = f"[REDACTED:{kind}#{self._numbers[kind, digest]}]"
            if kind in _BY_CONTEXT and is_telling(secret):
                for form in bare_forms(secret):
                    self._seen.setdefault(hash(form), placeholder)
            return placeholder

    def _without_met(self, text: str) -> tuple[str, list[str]]:
        """`text` without values that were met by their context, and their kinds."""
        parts: list[str] = []
        kinds: list[str] = []
        at = 0
        for start, end in runs(text):
            placeholder = self._seen.get(hash(text[start:end])) if start >= at else None
            if placeholder:
                parts += [text[at:start], placeholder]
                kinds.append(placeholder.removeprefix("[REDACTED:").partition("#")[0])
                at = end
        return "".join([*parts, text[at:]]), kinds


def redactor(environ: Mapping[str, str]) -> Redactor:
    """A Redactor that knows the values of an environment's secret-named variables."""
    return Redactor(secret_values(environ))


def _shifted(spans: Iterable[Span], by: int) -> Iterator[Span]:
    """Spans of a part of the text as spans of the whole."""
    for span in spans:
        yield Span(span.start + by, span.end + by, span.kind, span.identity) if by else span


def _joined(spans: list[Span]) -> list[Span]:
    """Spans in order, those that overlap as one: all of both is hidden."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if joined and span.start < joined[-1].end:
            joined[-1] = _union(joined[-1], span)
        else:
            joined.append(span)
    return joined


def _union(first: Span, second: Span) -> Span:
    """Two overlapping spans as one, named by what says most: a typed one before one by context, then the wider one."""
    named = max(first, second, key=lambda span: (span.kind not in _GENERIC, span.end - span.start))
    end = max(first.end, second.end)
    whole = (named.start, named.end) == (first.start, end)
    return Span(first.start, end, named.kind, named.identity if whole else None)


def _lines_at(text: str, places: list[int]) -> list[tuple[int, int]]:
    """The lines around places (in order), each once: only there a replacement can have bared anything."""
    lines: list[tuple[int, int]] = []
    for place in places:
        if not lines or place >= lines[-1][1]:
            end = text.find("\n", place)
            lines.append((text.rfind("\n", 0, place) + 1, end if end >= 0 else len(text)))
    return lines
