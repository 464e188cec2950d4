"""From the text of a config file to a `Config`. An unknown key is an error that names it and the nearest known one.

In: the file's text and the name to blame. Out: a `Config`. It reads no file and no environment. pydantic is loaded only
where there is a file to check.
"""

import tomllib
from dataclasses import fields
from difflib import get_close_matches
from functools import cache
from typing import Any

from triagebot.config.model import Config, table_in
from triagebot.errors import UserError


def load(text: str, name: str) -> Config:
    """The config that `text` (TOML) describes.

    Raises UserError naming `name`, the key and the nearest known key for anything that is not understood.
    """
    from pydantic import ValidationError  # noqa: PLC0415  # 0.1 s, for those who have a file

    try:
        return _checked(_spelled_out(tomllib.loads(text)))
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{name}: not TOML: {error}. Mend that place and run again.") from None
    except ValidationError as error:
        said = (
            _say(detail["loc"], detail["type"], detail["msg"], detail["input"]) for detail in error.errors()
        )
        raise UserError("\n".join(f"{name}: {line}" for line in said)) from None


@cache
def _adapter() -> Any:
    """What checks a document, made once for a process."""
    from pydantic import TypeAdapter  # noqa: PLC0415  # as above

    return TypeAdapter(Config)


def _checked(document: dict[str, Any]) -> Config:
    """The config that a document is. Raises pydantic's ValidationError."""
    found: Config = _adapter().validate_python(document)
    return found


SHORT = {"suites": "impact", "rules": "when"}
"""Lists of tables, and the table in each of which a bare string is the text."""


def _spelled_out(document: dict[str, Any]) -> dict[str, Any]:
    """The document with `impact = "words"` and `when = "words"` as tables that hold these words as their text."""
    spelled = {
        name: [_with_text(entry, SHORT[name]) for entry in document[name]]
        for name in SHORT
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
    if kind == "tuple_type" and isinstance(found, dict):
        return (
            f"{where}: one table stands where a list of them is read; write [[{where}]] instead of [{where}]"
        )
    if kind != "unexpected_keyword_argument":
        message = message.removeprefix("Value error, ")  # what pydantic puts before words of our own
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
            table = table_in(annotations[part]) or table
    return sorted(known.metadata.get("alias", known.name) for known in fields(table))
