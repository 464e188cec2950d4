"""Text without secrets, with receipts. Runs on everything that enters the program, before it is taken apart.

In: any text, and once an environment as a mapping (never read here). Out: `Redacted`: the text with placeholders such as
`[REDACTED:github-token#1]`, and a `Receipt` for each kind. Equal secrets get equal placeholders for as long as one
`Redactor` lives; cleaning twice changes nothing.

Sought are, in one pass each, from literals that can be found at the speed of memory:

- the values of secret-named variables, also URL-encoded, in hex, in base64 at any alignment, and escaped (`known_values`), and long
  random values that were met beside their name;
- tokens that show what they are: by our own rules (`tokens`) and by an engine that knows the vendors (`vendors`);
- what stands around a secret (`surroundings`), names beside one (`key_values`) or apart from it (`distant_names`), command lines
  (`command_lines`) and statements (`sql_statements`).

`home_folders` stands beside that: no secret, but nothing that readers of an issue need.

What is read from outside is `Unredacted` until this room has seen it; a `Fact` is one line of it that names a run. Text is redacted
before it is taken apart, shortened, masked, escaped or encoded: each of these can hide a secret from a later look.
Commit hashes, UUIDs, digests, `code=1011` and prose about tokens are no secrets. This room must not judge anything else.
"""

from triagebot.redact.facts import Fact, fact, fact_or_none, recorded
from triagebot.redact.home_folders import without_home_folders
from triagebot.redact.model import Receipt, Redacted
from triagebot.redact.placeholders import PLACEHOLDER
from triagebot.redact.redactor import Redactor, redactor
from triagebot.redact.unredacted import Unredacted

__all__ = [
    "PLACEHOLDER",
    "Fact",
    "Receipt",
    "Redacted",
    "Redactor",
    "Unredacted",
    "fact",
    "fact_or_none",
    "recorded",
    "redactor",
    "without_home_folders",
]
