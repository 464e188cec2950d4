"""JSON of a stranger as Python's values.

In: a `File`. Out: whatever its JSON holds. Cut or broken JSON is no report: half of one would pass for a whole one.
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from triagebot.reports.decoding import File
from triagebot.reports.limits import Exceeded, NoReport

_AFTER = re.compile(
    r"(?:(?:npm (?:ERR!|error|notice)|error Command failed|info Visit|Done in |\W{0,3}ELIFECYCLE|\W{0,3}Command failed)[^\n]{0,500}(?:\n|\Z)|\s){1,200}"
)
"""What npm, pnpm and yarn print behind the output of a script that failed. Hit: `npm ERR! code 1`. Miss: `{"tests": []}`."""
_BLANK = "\0 \t\r\n"
_PER_CASE = 200
"""Objects and arrays that a test has at most on average, its steps included."""


def document_of(file: File, hook: Callable[[list[tuple[str, Any]]], Any] | None = None) -> Any:
    """What the file's JSON says; `hook` sees each object. Raises NoReport, and Exceeded for more than tests could need."""
    if hook is None and file.text.count("{") + file.text.count("[") > file.limits.cases * _PER_CASE:
        raise Exceeded(f"more than the {file.limits.cases} tests that may be read (limits.cases)")
    try:
        return json.loads(file.text.rstrip("\0").lstrip("\ufeff"), object_pairs_hook=hook)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and _AFTER.fullmatch(file.text, error.pos):
            return document_of(replace(file, text=file.text[: error.pos]), hook)
        raise NoReport(_why(file, error)) from None
    except RecursionError:
        raise NoReport("JSON nested more deeply than any report") from None
    except ValueError:  # Python refuses to turn thousands of digits into a number
        raise NoReport("JSON with a number of thousands of digits") from None


def _why(file: File, error: json.JSONDecodeError) -> str:
    place = f"byte {file.byte_at(error.pos)}"
    if error.pos >= len(file.text.rstrip(_BLANK)) or error.msg.startswith("Unterminated string"):
        return f"JSON cut off at byte {file.byte_at(len(file.text.rstrip(_BLANK)))}"
    return f"not JSON at {place} (line {error.lineno}): {error.msg}"
