"""What an assertion of another language expected and what it met, read from the words of its library.

In: a `Subject` that is not Python's. Out: an `Expectation`, or None where the words are no assertion's. Wording of Jest,
Vitest and Chai, node:assert, JUnit, TestNG, Hamcrest, AssertJ, NUnit, xUnit.net, MSTest, testify, PHPUnit, RSpec, Minitest,
Rust, GoogleTest, Catch2 and Karate. Values are for titles and protocols; of identity they are no part.
"""

import re
from dataclasses import dataclass

from triagebot.signatures.subject import Subject

_WANTED = re.compile(
    r"^[ \t]{0,20}(?:Expected|expected|Expecting|want|right)"
    r"(?: (?!values|equality|to )[a-z]{1,20}){0,3} ?: {1,8}(?P<value>\S.{0,400})$",
    re.MULTILINE,
)
"""The line that says what was wanted, of any assertion library.

Hit: `Expected: 200`
Hit: `  Expected number of calls: 2`
Miss: `Expected values to be equal:`
"""
_GOT = re.compile(
    r"^[ \t]{0,20}(?:Received|Actual|actual|got|But was|but was|but|left|found)"
    r"(?: [a-z]{1,20}){0,2} {0,4}: {1,8}(?P<value>\S.{0,400})$",
    re.MULTILINE,
)
"""The line that says what came. Hit: `Received: 503`. Hit: `But was:  503`. Miss: `Received 503`."""
_JEST = re.compile(
    r"expect\((?P<what>[^()\n]{0,60}(?:\(\))?)\)(?P<how>(?:\.(?:not|resolves|rejects)){0,2}\.to[A-Z]\w{1,60})\("
)
"""The call that Jest and Vitest print. Hit: `expect(received).toBe(expected)`. Miss: `expect(received)`."""
_INLINE = tuple(
    re.compile(pattern)
    for pattern in (
        r"[Ee]xpected:? {0,2}<(?P<wanted>.{0,800}?)>[.,]? {1,2}(?:[Bb]ut was|Actual):? {0,2}<(?P<got>.{0,800}?)>",
        r"[Ee]xpected (?:status code )?[<\[](?P<wanted>.{0,400}?)[>\]] but (?:was|found|got) [<\[](?P<got>.{0,400}?)[>\]]",
        r"[Ee]xpected (?P<about>.{1,200}?) to be (?P<wanted>.{1,200}?), but (?:found|was) (?P<got>[^\n]{1,200}?)\.?$",
        r"^(?!Expected)(?P<got>[^\n]{1,200}?) !==? (?P<wanted>[^\n]{1,200})$",
        r"(?:^|[:,] )(?:(?P<about>[\w.\[\]()]{1,80}) ?=|got) (?P<got>[^\n,]{1,200}), (?:want|expected) (?P<wanted>[^\n]{1,200})$",
        r"^expected (?P<got>.{1,400}?) (?:not )?to (?:deeply |strictly |loosely )?(?:equal|eql|be) (?P<wanted>.{1,400})$",
        r"^expected .{1,400}? to have (?:status code|a length of|length) (?P<wanted>\d{1,9}) but got \+?(?P<got>-?\d{1,9})",
        r"Failed asserting that (?P<got>.{1,200}?) (?:matches expected|is identical to|equals|is equal to) (?P<wanted>.{1,200}?)\.$",
        r"actual size (?P<got>\d{1,9}) matches expected size (?P<wanted>\d{1,9})",
        r"match failed: \w{1,20}\n {1,4}(?P<about>\$[^|\n]{0,200}?) \|[^\n]{1,300}\n {2}(?P<got>[^\n]{1,400})\n {2}(?P<wanted>[^\n]{1,400})",
        r"Length of '[^\n]{0,400}' should be (?P<wanted>\d{1,9}) but is (?P<got>\d{1,9})",
        r"XCTAssert\w{1,40} failed: \(\"(?P<got>[^\"\n]{1,200})\"\) is not equal to \(\"(?P<wanted>[^\"\n]{1,200})\"\)",
        r"should have (?P<wanted>\d{1,9}) item\(s\), but has (?P<got>\d{1,9})",
    )
)
"""Assertions that say both in one sentence.

Hit: `expected: <200> but was: <503>`
Hit: `Expected status code <200> but was <503>.`
Hit: `Expected order to be "paid", but found "open".`
Hit: `503 !== 200`
Hit: `status = 503, want 200`
Hit: `expected 503 to equal 200`
Hit: `expected [ 1 ] to have a length of 2 but got 1`
Hit: `Failed asserting that 503 is identical to 200.`
Hit: `Failed asserting that actual size 1 matches expected size 2.`
Hit: `match failed: EQUALS\n  $.status | not equal\n  503\n  200`
Hit: `Length of '[1]' should be 2 but is 1`
Hit: `XCTAssertEqual failed: ("503") is not equal to ("200")`
Hit: `should have 2 item(s), but has 1`
Miss: `connection refused`
"""
_OPENINGS = re.compile(  # how the sentence of an assertion begins
    r"(?:Expected(?: values to be |: |\s|$)|expected[: ]|Expecting |Assert\.|Assertion failed"
    r"|assertion (?:failed|`)|Failed asserting that |should (?:be|not|have|equal|match|throw)\b"
    r"|Should |XCTAssert|Assertion with |Not equal|Values? |match failed: "
    r"|The expression evaluated to a falsy value|Missing expected |Epic Fail!|java\.lang\.AssertionError$"
    r"|Length of '|Element |.{1,200} !==? )"
)
"""Hit: `Failed asserting that 503 is 200.`. Hit: `Expected: 200`. Miss: `connection refused`."""
_CLOSINGS = re.compile(
    r"(?:should have \d{1,9} item\(s\), but has \d{1,9}|does not contain .{1,200}"
    r"|should be empty, but was .{1,200}|should contain .{1,200})$"
)
"""How the sentence of an assertion ends, where it begins with a value.

Hit: `[1] does not contain 2`
Miss: `[1] holds 2`
"""
_MISSED = re.compile(r"^- +(?!Expected|expected)(\S[^\n]{0,200})$", re.MULTILINE)
"""A line of a diff that was expected. Hit: `-   "paid"`. Miss: `- Expected`."""
_ADDED = re.compile(r"^\+ +(?!Received|received|actual)(\S[^\n]{0,200})$", re.MULTILINE)
"""The first lines of a diff: what was expected (`-`) and what came (`+`). Hit: `+   "open"`. Miss: `+ Received`."""
_WRAPPED = re.compile(r"(?:is |was |equal to |a value equal to )?<([^<>\n]{0,400})>")
"""A value in Hamcrest's brackets. Hit: `was <503>`. Miss: `was 503`."""
_NUMBERED = re.compile(r"\{value: (\d{1,9})\}$")
"""A value within a wrapper that prints itself. Hit: `Status{value: 503}`. Miss: `Status{503}`."""
_VALUE = re.compile(
    r"'(?:[^'\n]|(?<=\w)'(?=\w)){0,400}'|\"[^\"\n]{0,400}\"|`[^`\n]{0,400}`|<[^<>\n]{0,400}>"
    r"|\[[^\[\]\n]{0,400}\]|\{[^{}\n]{0,400}\}|(?<![\w$])[-+]?\d[\w.]{0,40}"
    r"|\b(?:true|false|null|undefined|nil|None)\b"
)
"""A value within a sentence: a string, a list, a record, a number, a constant.

Hit: `order 'o-1' is gone`
Hit: `got null`
Miss: `nothing came`
"""
_CHAI = re.compile(r"^expected (?P<got>.{1,1000}?) (?P<how>(?:not )?(?:to|not) .{1,400})$")
"""A sentence of Chai. Hit: `expected 503 to equal 200`. Miss: `expected: 200`."""
_BUT = re.compile(r",? but (?:got|was|found|the )\b.{0,400}$")
"""The end of such a sentence, which says what came. Hit: `, but got 503`. Miss: `butter`."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """`words` say how was compared, without values; `about` what, where that is told; the values as they are printed."""

    words: str
    about: str = ""
    wanted: str = ""
    got: str = ""


def expectation(subject: Subject) -> Expectation | None:
    """What an assertion expected, in whatever words; None where the text is not an assertion's."""
    text, first = subject.text, subject.first
    if jest := _JEST.search(text[:2_000]):
        _about, wanted, got = _values(text)
        return Expectation(f"expect({jest['what']}){jest['how']}", subject.statement, wanted, got)
    about, wanted, got = _values(text)
    if not _OPENINGS.match(first) and not _CLOSINGS.search(first) and not (wanted and got):
        return None
    return Expectation(_words(first), about or subject.statement, wanted, got)


def _values(text: str) -> tuple[str, str, str]:
    """What was compared, the expected and the actual value, each "" where it is not told."""
    for pattern in _INLINE:
        if found := pattern.search(text[:4_000]):
            groups = found.groupdict()
            return groups.get("about") or "", _bare(groups["wanted"]), _bare(groups["got"])
    wanted, got = _labelled(text)
    if (
        not (wanted and got)
        and (missed := _MISSED.search(text[:4_000]))
        and (met := _ADDED.search(text[:4_000]))
    ):
        wanted, got = missed[1].strip().rstrip(","), met[1].strip().rstrip(",")
    return "", wanted, got


def _labelled(text: str) -> tuple[str, str]:
    """The values that stand behind `Expected:` and `Received:`, one a line; the last of several is the value itself."""
    wanted = [found["value"] for found in _WANTED.finditer(text[:4_000])]
    got = [found["value"] for found in _GOT.finditer(text[:4_000])]
    return (_bare(wanted[-1]) if wanted else ""), (_bare(got[-1]) if got else "")


def _bare(value: str) -> str:
    """A value without Hamcrest's words and brackets, an enum's number without its name (`OK {value: 200}`)."""
    value = value.strip()
    if numbered := _NUMBERED.search(value):
        return numbered[1]
    wrapped = _WRAPPED.fullmatch(value)
    return wrapped[1] if wrapped else value


def _words(first: str) -> str:
    """The sentence without its values: `expected ? to deeply equal ?`."""
    chai = _CHAI.match(first)
    said = f"expected ? {chai['how']}" if chai else first
    said = _BUT.sub("", said)
    while (shorter := _VALUE.sub("?", said)) != said:
        said = shorter
    return " ".join(said.split())[:200].rstrip(" .:")
