"""The key of a signature: a name that is the same on every machine, in every order, in every year.

In: kind and slots. Out: `<kind>-` and 12 characters of lower-case RFC 4648 base32 of the sha256 over canonical JSON.
The version of the algorithm is not hashed; it stands beside the key.
"""

import json
import re
from base64 import b32encode
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
"""What cannot stand in the literal key of a rule. Hit: `No Quotes!`. Miss: `noquotes`."""
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)


@lru_cache(maxsize=4096)
def key(kind: str, slots: tuple[tuple[str, str], ...]) -> str:
    """The key of (kind, slots). The order of the slots does not matter; their names are unique."""
    digest = sha256(canonical(kind, slots).encode("utf-8", "surrogatepass")).digest()
    return f"{kind}-{b32encode(digest[:8]).decode()[:12].lower()}"


def canonical(kind: str, slots: Iterable[tuple[str, str]]) -> str:
    """What is hashed: JSON without spaces, keys sorted, everything beyond ASCII escaped."""
    return _CANONICAL.encode([kind, dict(slots)])


def rule_key(name: str) -> str:
    """The key of a user's rule, from the literal that the user gave."""
    slug = _NOT_SLUG.sub("-", name.lower().removeprefix("rule-")).strip("-")
    return f"rule-{slug or 'unnamed'}"
