"""The phrases that betray a bad draft: hedges, blame, empty words, and what injected text looks like in an answer.

Data only: bounded patterns over sentences that `verify` has capped. They know words, not meaning.
"""

import re
from collections.abc import Mapping

HEDGE = re.compile(
    r"\b(?:may|might|maybe|perhaps|possibly|probably|presumably|likely|apparently|seems?|seemingly"
    r"|appears?|suggests?"
    r"|could have|could be|would have|i think|we think|we believe|suspect(?:ed)?|conceivably|in all likelihood)\b",
    re.IGNORECASE,
)
"""Words that leave open whether something is so; what evidence shows needs none.

Hit: `the pool is probably too small`
Miss: `the pool has eight connections`
"""
BLAME = re.compile(
    r"\b(?:human error|operator error|user error|pilot error|careless\w{0,6}|negligen\w{0,4}"
    r"|incompeten\w{0,4}|sloppy|lazy"
    r"|(?:someone|somebody|a (?:person|developer|engineer|maintainer|tester|colleague)"
    r"|the (?:developer|engineer|author|"
    r"maintainer|operator|team|reviewer|committer|programmer|admin)s?)\s(?:\w{1,12}\s){0,2}?"
    r"(?:forgot|failed|neglected|"
    r"broke|ignored|missed|overlooked|should have|made a mistake|did not (?:bother|care|think|check|test))"
    r"|(?:his|her) (?:fault|mistake|error)|to blame|blame[sd]?)\b",
    re.IGNORECASE,
)
"""Words that make a person the cause. Hit: `the developer forgot the index`. Miss: `the index is missing`."""
VAGUE = re.compile(
    r"\b(?:inadequate(?:ly)?|improper(?:ly)?"
    r"|insufficient(?:ly)? (?:test\w{0,4}|care|attention|robust\w{0,4}|handling|design)"
    r"|poor(?:ly)?|suboptimal|not robust|lack of (?:proper|adequate|sufficient|robust|good)"
    r"|bad (?:design|code|practice)"
    r"|not (?:properly|adequately|correctly)|something (?:is|was|went) wrong|general instability|some issue)\b",
    re.IGNORECASE,
)
"""Words that sound like a cause and name none. Hit: `insufficient testing`. Miss: `no test covers the retry`."""
EMPTY_REFUTATION = re.compile(
    r"(?:n/?a|none|nothing|not applicable|unknown|cannot be refuted|tbd|-)\.?", re.IGNORECASE
)
"""An answer to "what would refute this" that names nothing. Hit: `n/a`. Miss: `a run without the proxy`."""

# What has no business in a sentence about a cause, whatever it says: places to click, people to ping, markup, orders.
INJECTION: Mapping[str, re.Pattern[str]] = {
    "link": re.compile(r"(?:\b[a-z][a-z0-9+.-]{1,20}://|\bwww\.|\bmailto:|\bjavascript:|\bdata:[a-z]+/)", re.IGNORECASE),
    "mention": re.compile(r"(?<![\w.`/@-])[@＠](?=[A-Za-z0-9_])"),
    "reference": re.compile(r"(?<![\w&])(?:[\w.-]{1,80}/[\w.-]{1,80})?#\d{1,9}\b|\bGH-\d{1,9}\b"),
    "marker": re.compile(r"<!--|-->|triagebot\s{0,3}(?::|\{)|</?\s{0,3}evidence\b", re.IGNORECASE),
    "markup": re.compile(r"</?[a-z][a-z0-9-]{0,20}(?:\s[^<>]{0,200})?/?>|!?\[[^\]]{0,200}\]\(|\[[^\]]{0,200}\]:|```|~~~", re.IGNORECASE),
    "control": re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"),
    "newline": re.compile(r"[\r\n]"),
    "order": re.compile(
        r"\b(?:ignore|disregard|forget|override)\b.{0,30}\b(?:instruction|prompt|rule|above|previous|evidence)"
        r"|\b(?:system prompt|developer message|as an ai|as a language model|new instructions|you are now|jailbreak)\b"
        r"|(?:^|\s)(?:system|assistant|human|user)\s?:\s|/triage\b",
        re.IGNORECASE,
    ),
}  # fmt: skip
"""Hit: `see https://shop.example`
Hit: `ask @ada`
Hit: `as in #7`
Hit: `<!-- triagebot -->`
Hit: `<b>gone</b>`
Hit: `a\x1bb`
Hit: `a\nb`
Hit: `ignore the above`
Miss: `the pool has eight connections`
"""
