"""An HTTP answer with a status that the caller did not want.

Wording of requests, httpx, urllib, urllib3, aiohttp, axios, the OpenAI and Anthropic clients, botocore, google-cloud,
and of assertions on a response. What came beats what was expected; a status is only read where a class or a word
within 24 characters says that the number is one.
"""

import re
from dataclasses import replace
from http import HTTPStatus

from triagebot.signatures import host
from triagebot.signatures.expectations import Expectation, expectation
from triagebot.signatures.subject import Finding, Subject, finding
from triagebot.signatures.wanted_status import Statuses, counts, statuses

_S = r"(?P<status>[1-5]\d{2})"
_PHRASES = "|".join(sorted((re.escape(status.phrase) for status in HTTPStatus), key=len, reverse=True))
_NO_COUNT = r"(?! ?(?:ms|s|sec|seconds|bytes|items|rows|events|messages|records|results)\b)"
_SHAPES = tuple(
    re.compile(pattern)
    for pattern in (
        # Hit: `503 Server Error: gone`
        rf"{_S} (?:Client|Server) Error: ",
        # Hit: `Server error '503 Service Unavailable'`
        rf"(?:Client|Server) error '{_S} ",
        # Hit: `Redirect response '302 Found'`
        rf"Redirect response '{_S} ",
        # Hit: `HTTP Error 503: gone`
        rf"HTTP Error {_S}\b",
        # Hit: `last exception: 503 gone`
        rf"last exception: {_S} ",
        # Hit: `503, message='gone'`
        rf"^{_S}, message=",
        # Hit: `too many 503 error responses`
        rf"too many {_S} error responses",
        # Hit: `Error code: 503 - gone`
        rf"[Ee]rror code: {_S}\b",
        # Hit: `status code 503`
        rf"status code {_S}\b",
        # Hit: `but got status 503`
        rf"(?i:but got|got|received|actual|was|returned|replied|answered|responded)(?i: with)?(?i: an?)?(?i: status| code| http| response){{0,3}}[ :=]{{1,3}}{_S}\b{_NO_COUNT}",
        # Hit: `HTTP/1.1 503`
        rf"(?i:\bhttp(?:/\d(?:\.\d)?)?(?: status| error| code| response){{0,2}}|status[ _]?code|\bstatus)(?i: was| is| of)?[ :='\"]{{1,4}}{_S}\b",
        # Hit: `503 Service Unavailable`
        rf"\b{_S} (?:{_PHRASES})\b",
        # Hit: `GET /v1/orders -> 503`
        rf"\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) [^\s'\"]{{1,400}}(?: (?:failed|->|=>|→|:|-|with|gave|is)){{0,2}}:? {_S}\b",
        # Hit: `orders => 503`
        rf"(?<!\d )(?:->|=>|→) ?(?P<status>[45]\d{{2}})(?=:?\s|[:,)]|$){_NO_COUNT}",
        # Hit: `failed with 503: gone`
        r"(?i:failed|failure|error)(?i: with)?[:(= ]{1,3}(?P<status>[45]\d{2})(?=\)? ?[-–—:{(]| [A-Z\"']|\n|$)",
    )
)
"""How clients and assertions say which status came; the more specific ones first. Miss: `got 503 items`."""
_ELSEWHERE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?i:but (?:got|was|found|received)|, got)(?: response)?(?: with)?(?: status(?: code)?)?:? ?[<\['\"`]?{_S}\b{_NO_COUNT}",  # Hit: `expected 200 but got [503]`
        rf"status code was: {_S}\b",  # Hit: `Response status code was: 503`
        rf"(?:^|\n)\s{{0,8}}> {_S}: [A-Z]",  # Hit: `> 503: Service Unavailable`
        rf"\bStatus\({_S}\b",  # Hit: `Status(503)`
        rf"HTTP status (?:client|server) error \({_S}\b",  # Hit: `HTTP status server error (503 Service Unavailable)`
        rf"resulted in an? [`'\"]{_S} ",  # Hit: `` resulted in a `503 Service Unavailable` ``
        rf"(?:^|\[){_S} [A-Z][\w ]{{1,60}}\](?: during|:)",  # Hit: `[503 Service Unavailable] during [GET]`
        rf"^{_S} (?!\d)[A-Z][\w ]{{1,60}}(?::| on [A-Z]{{3,7}} request| from [A-Z]{{3,7}} )",  # Hit: `503 Service Unavailable: "gone"`
        rf"[Rr]esponse code:? ?{_S}\b",  # Hit: `Response code: 503`
        rf"indicate success: {_S}\b",  # Hit: `does not indicate success: 503`
        rf"responded with (?:a |status )?(?:status )?(?:code )?(?:of )?{_S}\b",  # Hit: `responded with a status of 503`
        rf"← {_S} ",  # Hit: `← 503 gone`
        rf"unexpected (?:response )?status(?: code)?:? {_S}\b",  # Hit: `unexpected response status code: 503`
    )
)
"""Wording of axios, got, supertest, Spring, Feign, RestAssured, OkHttp, .NET, Guzzle, Faraday, reqwest, Cypress, Karate.

Miss: `got 503 items`
"""
_LONE = re.compile(r"(?<![\w.:/-])(?P<status>[45]\d{2})(?![\w.%/-])" + _NO_COUNT)
"""A number of three digits that stands alone in an assertion about a status.

Hit: `wrong: 503`
Miss: `wrong: 1.503`
"""
_SHOWN = re.compile(r" = <(?:Client)?Response ?(?:\[|\([^)\n]{0,300}\) \[)(?P<status>[1-5]\d{2})\b")
"""A response that pytest shows among a helper's arguments.

Hit: `answer = <Response [503]>`
Hit: `answer = <ClientResponse(https://api.example) [503 Gone]>`
Miss: `answer = <Request GET>`
"""
_WHERE = re.compile(rf"where {_S} = .{{0,300}}?(?:[Rr]esponse|\.status_code|\.status\b)")
"""pytest's explanation that a number is a status.

Hit: `where 503 = <Response [503]>.status_code`
Miss: `where 503 = len(rows)`
"""
_CLASS = re.compile(
    r"^(?:HTTPError|HTTPStatusError|ClientResponseError|HTTPException|ApiException|APIStatusError|HttpError|"
    r"ResponseError|HttpResponseError|RequestError|HTTPClientError|ApiError|APIError|StatusError|Forbidden"
    r"|NotFound|"
    r"Unauthorized|TooManyRequests|ServiceUnavailable|BadRequest|InternalServerError|BadGateway|GatewayTimeout)$"
)
"""Classes of clients whose message begins with a status. Hit: `HTTPError`. Miss: `ValueError`."""
_LEADING = re.compile(rf"^\(?{_S}\b")
"""A status that a message begins with. Hit: `503 gone`. Hit: `(503)`. Miss: `gone: 503`."""
_ASSERTED = re.compile(
    rf"^assert \(?{_S} (?P<operator>==|!=|in|not in|<|<=|>|>=|is) (?P<expected>[\[({{]?\d{{3}}[\d, )\]}}]{{0,60}})"
)
"""A status in an assertion of pytest.

Hit: `assert 503 == 200`
Hit: `assert 503 in (200, 201)`
Miss: `assert 5 == 200`
"""
_STATUS = re.compile(r"[1-5]\d{2}(?: [A-Za-z_ ]{2,40})?")
"""A status as an assertion prints it: `503`, `503 SERVICE_UNAVAILABLE`.

Hit: `503`
Hit: `503 SERVICE_UNAVAILABLE`
Miss: `503 items, 2 orders`
"""
_STATUS_WORD = re.compile(r"\bstatus(?:_code)?\b|\.code\b|[Rr]esponse \[", re.IGNORECASE)
"""A statement that reads a status. Hit: `assert answer.status_code == 200`. Miss: `assert answer.count == 200`."""
_STATUS_NAMED = re.compile(r"status|\bcode\b|response", re.IGNORECASE)
"""A word beside an assertion that makes its number a status. Hit: `HTTP status`. Miss: `count`."""
_UNITTEST = re.compile(
    rf"^{_S} (?P<operator>!=|not found in|not less than|not in) (?P<expected>[\[({{]?\d{{3}}[\d, )\]}}]{{0,60}})"
)
"""A status in an assertion of unittest.

Hit: `503 != 200`
Hit: `503 not found in [200, 201]`
Miss: `503 is gone`
"""
_LITERAL_FIRST = re.compile(
    r"assert\w{0,20}[ (]\s{0,20}"
    r"(?:[1-5]\d{2}|(?:[\w.]{0,60}\.)?"
    r"(?:HTTP_[1-5]\d{2}\w{0,40}|HTTPStatus\.\w{1,40}|codes\.\w{1,40}))\s{0,4}(?:,|==|!=|in\b)"
)
"""A statement that names the wanted status first.

Hit: `self.assertEqual(200, answer.status_code)`
Hit: `assert HTTPStatus.OK == answer.status_code`
Miss: `assert answer.status_code == 200`
"""
SAID = " # "
"""What stands in a statement before the words that its author put beside the values."""
_POOL = re.compile(r"Pool\(host='([\w.-]{1,253})', port=(\d{1,5})\)")
"""The pool of urllib3, which names host and port.

Hit: `HTTPSConnectionPool(host='api.example', port=443)`
Miss: `host='api.example', port=443`
"""
_REASON = re.compile(
    r"[Ee]rror code: \d{3} - \{.{0,2000}?'code': '(\w{1,80})'"
    r"|[Ee]rror code: \d{3} - \{.{0,2000}?'error': \{'type': '(\w{1,80})'",
    re.DOTALL,
)
"""The code or type of an error in the body that OpenAI's and Anthropic's clients print.

Hit: `Error code: 429 - {'error': {'code': 'rate_limit'}}`
Hit: `Error code: 529 - {'error': {'type': 'overloaded_error'}}`
Miss: `Error code: 429`
"""
_AWS = re.compile(
    r"An error occurred \((?P<code>[\w.]{2,80})\) when calling the (?P<operation>\w{1,80}) operation"
)
"""botocore's sentence, with the code and the operation.

Hit: `An error occurred (NoSuchKey) when calling the GetObject operation`
Miss: `An error occurred when calling GetObject`
"""
_VERB = r"(?:replied|responded|answered|returned|gave|failed|says|said|is)\b"
_KIND = r"(?:service|microservice|svc|backend|gateway|container)"
_SERVICE = re.compile(
    rf"\b([A-Za-z]\w{{1,40}}(?:-\w{{1,40}}){{0,4}}) (?:replied|responded|answered)\b"
    rf"|\b([A-Za-z]\w{{1,40}}(?:-\w{{1,40}}){{0,4}}) {_KIND} {_VERB}"
    rf"|\b[Ss]ervice ['\"]?([A-Za-z]\w{{1,40}}(?:-\w{{1,40}}){{0,4}})['\"]? {_VERB}"
    rf"|\b([a-z]\w{{0,40}}(?:-\w{{1,40}}){{0,3}}-{_KIND}) {_VERB}"
    rf"|\bfrom (?:the )?([A-Za-z]\w{{1,40}}(?:-\w{{1,40}}){{0,4}}) {_KIND}\b"
)
"""A service that a sentence names without an address.

Hit: `billing replied 503`
Hit: `billing service returned 503`
Hit: `Service 'billing' returned 503`
Hit: `billing-gateway failed: 503`
Hit: `503 from the billing backend`
Miss: `it returned 503`
"""
_NOBODY = frozenset(
    ("server", "upstream", "service", "backend", "gateway", "proxy", "api", "endpoint", "host", "peer", "remote", "client", "app", "application",
     "it", "he", "she", "they", "this", "that", "which", "who", "the", "our", "and", "but", "also", "has", "have", "had", "was", "never", "not", "request",
     "page", "url", "test", "http", "https", "rest", "web", "external", "internal", "downstream", "target", "unexpectedly", "already")
)  # fmt: skip
"""Words before a verb that name no service."""
_NAMES = {re.sub(r"\W", "", status.phrase.title()): str(status.value) for status in HTTPStatus} | {
    "OK": "200"
}
"""Statuses as .NET names them."""
_GATES = (
    "http",
    "status",
    "error",
    "response",
    "got",
    "received",
    "return",
    "replied",
    "answered",
    "responded",
    "was",
    "actual",
    "assert",
    "failed",
    "failure",
    "->",
    "=>",
    "→",
    *(method.lower() + " " for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")),
    *(status.phrase.lower() for status in HTTPStatus if status.value >= 400),
)


def http(subject: Subject) -> Finding | None:
    """`http.status` with the status and, where the exception names it, the host; `aws.error` for botocore's codes."""
    if subject.asserted:
        return _asserted(subject)
    compared = _numbered(expectation(subject)) if subject.foreign else None
    if compared and compared.wanted[:3].isdigit() and compared.got[:3].isdigit():
        return _compared(
            subject, compared
        )  # numbers that are no statuses here are none in other words either
    low = subject.lowered
    if "unexpected mimetype" in low and subject.first.startswith("2"):
        return None
    if "an error occurred (" in low and (found := _AWS.search(subject.text)):
        return _aws(found)
    known = (
        _CLASS.match(subject.type)
        or (subject.foreign and subject.type == "StatusCodeError")
        or subject.qualified.startswith("google.")
    )
    if known and (found := _LEADING.match(subject.first)):
        return _answered(subject, found["status"], found[0])
    shapes = (*_ELSEWHERE, *_SHAPES) if subject.foreign else _SHAPES
    two = statuses(subject.text) if subject.compares and _DIGITS.search(low) else None
    for pattern in shapes if _maybe(low) else ():
        if found := pattern.search(subject.text):
            if subject.compares and counts(subject.text):
                return None
            return (
                _came(subject, two)
                if two and two.came != found["status"]
                else _answered(subject, found["status"], found[0])
            )
    if two and two.named:
        return _came(subject, two)
    if (
        subject.type == "AssertionError"
        and _STATUS_WORD.search(subject.statement)
        and (found := _LONE.search(subject.first))
    ):
        return _answered(subject, found["status"], found[0])
    attribute = subject.attribute("status") or subject.attribute("status_code")
    return _answered(subject, attribute, attribute) if _LEADING.fullmatch(attribute) else None


_DIGITS = re.compile(r"(?<![\d.])[1-5]\d{2}(?![\d.]\d|\d)")
"""A number of three digits that could be a status. Hit: `got 503 items`. Miss: `1.503`."""


def _maybe(low: str) -> bool:
    """Whether a text holds a number of three digits and a word that could make it a status."""
    return any(map(low.__contains__, _GATES)) and _DIGITS.search(low) is not None


def _answered(subject: Subject, status: str, span: str, expected: str = "") -> Finding:
    """The finding for one status."""
    where = (
        host.of_url(subject.text)
        or _pool(subject.text)
        or host.with_port(subject.attribute("host"), "")
        or _service(subject.first)
    )
    where = "" if where and _is_path(subject, where) else where
    by = f" from {where}" if where else ""
    phrase = _phrase(status)
    named = _REASON.search(subject.text) if "rror code: " in subject.text else None
    error = (named[1] or named[2]) if named else ""
    wanted = f" where {expected} was expected" if expected else ""
    title = f"HTTP {status}{f' {phrase}' if phrase else ''}{by}{wanted}{f': {error}' if error else ''}"
    hosts = (where,) if where else ()
    return finding(
        "http.status", title, span, hosts, status=status, host=where, expected=expected, error=error
    )


def _came(subject: Subject, two: Statuses) -> Finding:
    """The status that came, of two that an assertion names."""
    found = _answered(subject, two.came, two.span, two.wanted if two.came[0] in "123" else "")
    return replace(found, reread=True)


def _numbered(found: Expectation | None) -> Expectation | None:
    """An assertion whose values are names of statuses (`OK`, `InternalServerError`), a success and an error, by their numbers."""
    wanted, got = (_NAMES.get(value, "") for value in (found.wanted, found.got)) if found else ("", "")
    return (
        replace(found, wanted=wanted, got=got)
        if found and wanted[:1] == "2" and got[:1] in ("4", "5")
        else found
    )


def _compared(subject: Subject, found: Expectation) -> Finding | None:
    """A status that an assertion of another language compared with the one that it wanted.

    Where the statement is not shown the values must speak for themselves: a success that was wanted, an error that came.
    """
    if not _STATUS.fullmatch(found.got) or not _STATUS.fullmatch(found.wanted):
        return None
    named = _STATUS_NAMED.search(found.about) or _STATUS_NAMED.search(subject.first)
    if not named and (
        found.about or found.wanted[0] not in "23" or found.got[0] not in "45" or not _phrase(found.got[:3])
    ):
        return None
    expected = found.wanted[:3] if found.got[0] in "123" else ""
    return _answered(subject, found.got[:3], found.got, expected)


def _service(first: str) -> str:
    """The service that a sentence names without an address: who replies is somebody; what "returns" may be a function."""
    found = _SERVICE.search(first)
    name = next(filter(None, found.groups()), "").lower() if found else ""
    return "" if name in _NOBODY else name


def _is_path(subject: Subject, name: str) -> bool:
    """Whether a name is the end of a path (`GET /api/quotes answered HTTP 503`), which names no service."""
    return subject.foreign and f"/{name} " in subject.lowered


def _pool(text: str) -> str:
    """The host of the connection pool that urllib3 names."""
    found = _POOL.search(text) if "Pool(host=" in text else None
    return host.with_port(found[1], found[2]) if found else ""


def _asserted(subject: Subject) -> Finding | None:
    """`assert response.status_code == 200`: only where statement or explanation says that the number is a status."""
    if not subject.first and _STATUS_WORD.search(subject.statement):
        return _shown(subject)
    if not _DIGITS.search(subject.lowered):
        return None
    found = _ASSERTED.match(subject.first) or _UNITTEST.match(subject.first)
    told = _WHERE.search(subject.text)
    if subject.compares and not found and not subject.first.startswith("assert "):
        two = statuses(subject.first)
        return _came(subject, two) if two and two.named else None
    if not found or not (told or _STATUS_WORD.search(subject.statement)):
        return None
    status, expected = found["status"], _expected(found["expected"])
    turned = subject.compares and _is_turned(subject, status, expected, told["status"] if told else "")
    if turned:
        status, expected = expected, status
    answered = _answered(subject, status, found[0], expected if status[0] in "123" else "")
    return replace(answered, reread=turned or SAID in subject.statement)


def _is_turned(subject: Subject, first: str, second: str, told: str) -> bool:
    """Whether the second of two statuses is the one that came: the explanation or the statement says so."""
    if len(second) != 3:
        return False
    if told:
        return told == second != first
    code, said, _words = subject.statement.partition(SAID)
    if said and not _STATUS_WORD.search(code):  # only the author's words speak of a status
        return first[0] in "123" and second[0] in "45"
    return _LITERAL_FIRST.search(code) is not None


def _shown(subject: Subject) -> Finding | None:
    """The status of the one response that pytest shows among a helper's arguments, where no values are shown."""
    shown = [found for line in subject.shown[:40] if (found := _SHOWN.search(line))]
    return _answered(subject, shown[0]["status"], shown[0]["status"]) if len(shown) == 1 else None


def _expected(text: str) -> str:
    """The statuses that were expected, in order."""
    return " ".join(re.findall(r"\d{3}", text))


def _phrase(status: str) -> str:
    try:
        return HTTPStatus(int(status)).phrase
    except ValueError:
        return ""


def _aws(found: re.Match[str]) -> Finding:
    """A code of Amazon's with the operation that met it."""
    title = f"AWS {found['operation']} failed with {found['code']}"
    return finding("aws.error", title, found[0], code=found["code"], operation=found["operation"])
