"""What a sentence is made of, as far as code can tell: its numbers, its identifiers and its content words.

In: text. Out: sets of strings that can be compared between a claim and the evidence it cites. It knows no grammar
and no meaning, and must not be read as if it did.
"""

import re
import unicodedata
from itertools import pairwise

from triagebot.plain_text import without_escapes

MAX_TEXT = 4_000

_NUMBER = re.compile(r"(?<![\w.])\d{1,30}(?:\.\d{1,30}){0,6}")
"""A number that a sentence states; digits within a word are none. Hit: `closed with 1011`. Miss: `utf8`."""
_DIGITS = re.compile(r"\d{1,30}(?:\.\d{1,30}){0,6}")
"""A number, wherever it stands. Hit: `utf8`. Miss: `utf`."""
_TOKEN = re.compile(r"[A-Za-z0-9_$@~/\\][A-Za-z0-9_$@~/\\.:+-]{1,160}")
"""A word with the signs that names and paths have. Hit: `app/mail.py`. Miss: `?`."""
_WORD = re.compile(r"[A-Za-z]{3,40}|\d{2,20}")
"""A word or a number that carries content. Hit: `pool`. Miss: `it`."""
_SHAS = re.compile(r"(?<![\w])(?=[A-Fa-f]{0,63}\d)[0-9A-Fa-f]{7,64}(?![\w])")
"""A commit within a sentence. Hit: `since 9fceb02`. Miss: `since decades`."""
_SHA = re.compile(r"[0-9a-f]{7,64}", re.IGNORECASE)
"""A commit alone. Hit: `9fceb02`. Miss: `v1.2`."""
_HUMP = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]")
"""A word in camel case, which is a name. Hit: `orderPaid`. Miss: `order`."""
_ID = re.compile(r"[EWL]\d{1,3}")
"""The number of an item of evidence. Hit: `E7`. Miss: `E`."""
_ABBREVIATIONS = frozenset({"e.g", "i.e", "a.m", "p.m", "u.s", "vs."})

# Names of technologies that people capitalise inside; they are vocabulary, not findings.
_TECHNOLOGIES = """
websocket websockets github gitlab oauth javascript typescript postgresql mysql sqlite graphql fastapi devops ipv4 ipv6
http2 http3 oauth2 utf8 base64 nginx mongodb rabbitmq openid openssl kubernetes
"""
_FILLERS = """
the and for that this with from was were are has had have not but its into than then when while which who why how did
does been being because before after over under between during each every other also only same such very can will would
there their they them what where all any one two out off per via hence so thus test tests failed failure fails error
errors
"""
_VOCABULARY = frozenset(_TECHNOLOGIES.split())
_STOP = frozenset(_FILLERS.split())


def fold(text: str) -> str:
    """The text as quotes are compared: NFKC, without ANSI sequences, every run of white space one space."""
    return " ".join(unicodedata.normalize("NFKC", without_escapes(text)).split())


def numbers(text: str) -> frozenset[str]:
    """Numbers that a sentence states ("1011", "2.5"); digits inside a word ("E7", "utf8") are not statements."""
    return frozenset(found.group() for found in _NUMBER.finditer(text[:MAX_TEXT]))


def digits(text: str) -> frozenset[str]:
    """Every number that evidence contains, wherever it stands ("backend-00238" holds "00238")."""
    found = frozenset(found.group() for found in _DIGITS.finditer(text))
    return found | {part for number in found for part in number.split(".")}


def identifiers(text: str) -> frozenset[str]:
    """Paths, shas, code names, env names and hosts that a text mentions, case folded."""
    tokens = (found.group().rstrip(".:-+") for found in _TOKEN.finditer(text[:MAX_TEXT]))
    return frozenset(token.casefold() for token in tokens if _is_identifier(token))


def shas(text: str) -> frozenset[str]:
    """What looks like the name of a commit or a digest (seven hex digits or more, one of them a figure), case folded."""
    return frozenset(found.group().casefold() for found in _SHAS.finditer(text[:MAX_TEXT]))


def _is_identifier(token: str) -> bool:
    """Whether a token names something in particular rather than being a word of the language."""
    low = token.casefold()
    if (
        low in _VOCABULARY
        or low in _ABBREVIATIONS
        or _ID.fullmatch(token)
        or not re.search(r"[A-Za-z]", token)
    ):
        return False
    if _SHA.fullmatch(token) and any(char.isdigit() for char in token):
        return True
    return (
        "_" in token
        or _is_path(token)
        or _is_dotted(token)
        or bool(_HUMP.search(token))
        or _has_digits(token)
    )


def _is_path(token: str) -> bool:
    """`/ws`, `a/b/c` and `src/app.py`, but not `and/or`."""
    return (
        token.startswith(("/", "~/"))
        or token.count("/") > 1
        or ("/" in token and "." in token)
        or "\\" in token
    )


def _is_dotted(token: str) -> bool:
    """`asyncio.run`, `api.staging.example`, `config.toml`."""
    return any(before and after and after[0].isalpha() for before, after in pairwise(token.split(".")))


def _has_digits(token: str) -> bool:
    """Letters and digits in one name (`backend-00238`, `p99`), but not a number with its unit (`30s`, `120ms`)."""
    return bool(re.search(r"[A-Za-z][\w-]{0,80}\d", token)) and not re.fullmatch(
        r"[\d.]{1,20}[A-Za-z]{1,5}", token
    )


def holds(text: str, name: str) -> bool:
    """Whether a (case folded) name stands in a case-folded text as a whole, not as a part of a longer word."""
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        if not _joins(text[start - 1 : start], name[:1]) and not _joins(text[end : end + 1], name[-1:]):
            return True
        start = text.find(name, start + 1)
    return False


def _joins(neighbour: str, edge: str) -> bool:
    """Whether a neighbouring character continues the word."""
    return bool(neighbour) and _wordy(neighbour) and _wordy(edge)


def _wordy(char: str) -> bool:
    return char.isalnum() or char == "_"


def content(text: str) -> frozenset[str]:
    """The stems (six characters) of the words that carry meaning, and numbers of two digits or more."""
    spaced = re.sub(r"([a-z])([A-Z])|_", r"\1 \2", text[:MAX_TEXT])
    words = (found.group().casefold() for found in _WORD.finditer(spaced))
    return frozenset(word[:6] for word in words if word not in _STOP)
