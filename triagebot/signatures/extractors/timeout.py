"""Something that did not happen in time: a whole test, a coroutine, an HTTP read, a wait in a browser, a command."""

import re

from triagebot.signatures import host
from triagebot.signatures.code_location import spot, without_library
from triagebot.signatures.elsewhere import test_of
from triagebot.signatures.mask import mask, masked_path
from triagebot.signatures.sentence import sentence
from triagebot.signatures.subject import Finding, Subject, finding

_TEST = re.compile(r"Timeout \(?>? ?\d[\d.]{0,12}s\)?(?: from pytest-timeout)?")
"""The limit of pytest-timeout. Hit: `Timeout (>30.0s) from pytest-timeout`. Miss: `Timeout after 30 s`."""
_HTTP = {
    "ReadTimeout": "HTTP read", "WriteTimeout": "HTTP write", "PoolTimeout": "HTTP connection pool",
    "ReadTimeoutError": "HTTP read", "ServerTimeoutError": "HTTP read", "SocketTimeoutError": "HTTP read",
    "APITimeoutError": "API call",
}  # fmt: skip
_READ = re.compile(r"[Rr]ead timed out|read operation timed out|Timeout on reading data from socket")
"""An answer that did not come in time. Hit: `Read timed out. (read timeout=5)`. Miss: `Connect timed out`."""
_BROWSER = re.compile(
    r"(?P<call>(?:Page|Locator|Frame|BrowserContext|BrowserType|Browser"
    r"|ElementHandle)\.\w{1,60}): Timeout \d{1,9}ms exceeded"
)
"""A call of Playwright for Python that took too long.

Hit: `Locator.click: Timeout 5000ms exceeded`
Miss: `Timeout 5000ms exceeded`
"""
_WAITING = re.compile(r"waiting for (?P<what>[^\n]{1,300})")
"""What it waited for. Hit: `waiting for locator("#pay")`. Miss: `waiting`."""
_COMMAND = re.compile(r"Command (?:'?\[(?P<list>[^\]\n]{1,400})\]'?|'(?P<text>[^'\n]{1,400})'?) timed out")
"""A command that took too long. Hit: `Command '['make', 'up']' timed out`. Miss: `Command 'make up' returned 2`."""
_HOST = re.compile(r"host='([\w.-]{1,253})'")
"""The host that a pool of urllib3 names. Hit: `Pool(host='api.example', port=443)`. Miss: `host=None`."""
_SAID = re.compile(
    r"(?i)\btimed[ -]?out\b|\btime[- ]?out\b(?! ?[=:]? ?(?:none|null))|deadline exceeded"
    r"|\bwithin \d[\d.]{0,12} ?(?:s|sec|seconds?|ms|minutes?)\b|timelimitexceeded|time limit \("
)
"""Words that say in any text that time ran out.

Hit: `the order timed out`
Hit: `no answer within 5 seconds`
Miss: `timeout=None`
"""
_TYPES = frozenset((
    "TimeoutError", "TimeoutException", "Timeout", "timeout", "TimeoutExpired", "SoftTimeLimitExceeded",
    "TimeLimitExceeded", "DeadlineExceeded", "KafkaTimeoutError", "WaitTimeout",
    "WebSocketTimeoutException",
))  # fmt: skip
_SAYS_NOTHING = frozenset(
    ("timed out", "timeout", "the operation timed out", "the read operation timed out", "operation timed out")
)
_WAIT = re.compile(
    r"(?:^|= |return |assert )(?:await )?(?:asyncio\.)?"
    r"(?:(?:wait_for|shield|gather)\(\s?(?:asyncio\.)?){0,2}([A-Za-z_][\w.]{0,80})(?=\()"
)
"""The call that a line of code waited for.

Hit: `await asyncio.wait_for(client.recv(), 5)`
Hit: `order = fetch_order(1)`
Miss: `def fetch`
"""
_GATES = (
    "timeout", "timed out", "time out", "timed-out", "time-out", "deadline", "within ", "time limit",
    "timelimit",
)  # fmt: skip


_TEST_ELSEWHERE = re.compile(
    r"Test timeout of \d{1,9}ms exceeded(?: while (?P<doing>[^\n]{1,120}))?"
    r"|[Ee]xceeded timeout of [\d.]{1,9} ?m?s (?:for a (?P<for>\w{1,20})|while (?P<while>[^\n]{1,80}))"
    r"|Timeout of \d{1,9}ms exceeded\. For async tests|(?:Test|(?P<hook>Hook)) timed out in \d{1,9} ?ms"
    r"|^(?:test|execution|Test execution) timed out(?: after \d[\d.,]{0,12} ?\w{1,15})?"
    r"|^function timed out, ensure the |^timeout!$|^STACK_TRACE_ERROR$|^exited with error code 142\b"
    r"|Test exceeded Timeout value of|^Test timeout [\w .]{1,40} exceeded|^This test was aborted after"
    r"|^panic: test timed out|Test timed out after \d[\d.]{0,9} (?:second|minute)s?\."
    r"|(?P<named>\"[\w ]{1,60}\" hook|Fixture \"[^\"\n]{1,60}\") timeout of \d"
)
"""The limits of runners: Playwright, Jest, Mocha, Vitest, node:test, node-tap, Cucumber, JUnit, xUnit.net, NUnit, PHPUnit, Robot, Go, nextest, Dart.

Hit: `Test timeout of 30000ms exceeded while running "beforeEach" hook`
Hit: `Exceeded timeout of 5000 ms for a test`
Hit: `panic: test timed out after 10m0s`
Miss: `timeout of 500ms exceeded`
"""
_READ_ELSEWHERE = re.compile(
    r"^timeout of \d{1,9}ms exceeded|operation was aborted due to timeout|ESOCKETTIMEDOUT|ESOCKETTIMEOUT"
    r"|Timeout awaiting '\w{1,20}' for|(?:Headers|Body) Timeout Error|UND_ERR_(?:HEADERS|BODY)_TIMEOUT"
    r"|^request timed out|configured HttpClient\.Timeout"
    r"|Client\.Timeout (?:or context cancellation|exceeded) while|awaiting headers"
    r"|apiRequestContext\.\w{1,20}: Timeout \d|source: TimedOut|operation timed out"
    r"|Operation timed out after \d"
    r"|Net::ReadTimeout|Read timed out|^timeout$|SocketTimeoutException|network timeout at"
)
"""Answers that clients of other languages waited for: axios, fetch, request, got, undici, JDK, .NET, Go, Playwright, reqwest, curl, Ruby, OkHttp.

Hit: `timeout of 5000ms exceeded`
Hit: `net/http: request canceled (Client.Timeout exceeded while awaiting headers)`
Miss: `connect timed out`
"""


def timeout(subject: Subject) -> Finding | None:
    """`timeout` with what did not come in time; durations never count."""
    low = subject.lowered
    if subject.foreign and (found := _elsewhere(subject)):
        return found
    known = subject.type in _TYPES or subject.type in _HTTP or "TimedOut" in subject.type
    if not known and not any(map(low.__contains__, _GATES)):
        return None
    return _by_client(subject) or _by_words(subject)


def _elsewhere(subject: Subject) -> Finding | None:
    """A test's own limit, or an answer that did not come, in the words of other languages' runners and clients."""
    if found := _TEST_ELSEWHERE.search(subject.first):
        groups = found.groupdict()
        told = next((groups[name] for name in ("doing", "while", "named") if groups[name]), "")
        what = "hook" if groups["hook"] or groups["for"] == "hook" or "hook" in told else "test"
        title = f"{'A hook of the test' if what == 'hook' else 'Test'} exceeded its time limit{f' ({told})' if told else ''}"
        return _late(what, title, found[0], target=mask(told))
    if subject.qualified == "Timeout::Error" or subject.first == "execution expired":
        at = subject.place or test_of(subject)
        return _late("", f"Timed out in {at}", subject.first or subject.type, at=at)
    if found := _READ_ELSEWHERE.search(subject.text) or _READ_ELSEWHERE.search(subject.type):
        where = host.of_url(subject.text)
        return _late(
            "HTTP read", f"HTTP read timed out{f' from {where}' if where else ''}", found[0], host=where
        )
    return None


def _by_client(subject: Subject) -> Finding | None:
    """Timeouts that a known tool reports in its own form."""
    text = subject.text
    if found := _TEST.match(text):
        return _late("test", "Test exceeded its time limit", found[0], at=subject.place)
    if found := _BROWSER.search(text):
        what = _WAITING.search(text)
        target = mask(what["what"].strip()) if what else ""
        return _late(
            found["call"],
            f"{found['call']} timed out{f' waiting for {target}' if target else ''}",
            found[0],
            target=target,
        )
    if found := _COMMAND.search(text):
        words = (found["text"] or found["list"].replace("'", "").replace(",", "")).split()
        name = masked_path(words[0]) if words else ""
        return _late(f"command {name}", f"`{name}` timed out", found[0])
    read = _READ.search(text)
    what_http = _HTTP.get(subject.type, "HTTP read" if read else "")
    if what_http:
        named = _HOST.search(text)
        where = host.with_port(named[1], "") if named else host.of_url(text)
        return _late(
            what_http,
            f"{what_http} timed out{f' from {where}' if where else ''}",
            read[0] if read else subject.type,
            host=where,
        )
    return None


def _by_words(subject: Subject) -> Finding | None:
    """A timeout in somebody's own words: the sentence without its numbers; without words, the place."""
    first = subject.first.removeprefix("Message:").strip()
    if not first.strip("() ") or first.rstrip(".").lower() in _SAYS_NOTHING:
        return _silent(subject) if subject.type in _TYPES else None
    found = _SAID.search(first)
    typed = subject.type in _TYPES or subject.type.endswith(("TimedOutError", "TimeoutError"))
    if not found and not typed:
        return None
    said = mask(sentence(first))
    return _late(said, f"Timed out: {said}"[:160], found[0] if found else subject.type)


def _silent(subject: Subject) -> Finding:
    """A timeout without words: by its place in the code under test, else by the call that a test awaited, else by the test."""
    place = subject.place
    awaited = "" if place else _awaited(subject)
    at = place or ("" if awaited else spot(without_library(subject.frames)))
    where = f" waiting for {awaited}" if awaited else f" in {at}" if at else ""
    return _late(awaited, f"Timed out{where}", subject.type, at=at)


def _awaited(subject: Subject) -> str:
    """What a test waited for: `ws.recv` of `await asyncio.wait_for(ws.recv(), 5)`."""
    frames = without_library(subject.frames)
    code = (frames[-1].code or subject.statement) if frames else ""
    found = _WAIT.search(code)
    return ".".join(found[1].split(".")[-2:]) if found else ""


def _late(what: str, title: str, span: str, *, host: str = "", target: str = "", at: str = "") -> Finding:
    return finding(
        "timeout", title, span, (host,) if host else (), what=what, host=host, target=target, at=at
    )
