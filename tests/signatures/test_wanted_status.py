"""Of two statuses in one sentence the one that came is the failure's, in whatever words an assertion says so."""

import pytest

from tests.signatures.elsewhere import dotnet, elsewhere, go, java, php, ruby, rust, v8
from tests.signatures.said import failure, long_text, native_text, short_text
from triagebot.signatures import Settings, sign

EITHER = """\
Expected status code {wanted} for /api/orders, but got {came}
Expected status code {wanted} for https://api.shop.example/orders, but got {came}: Internal
Expected status {wanted}. Response status was {came}.
Expected {wanted} but the response had status {came}
Expected response status code [{wanted}] but received {came}.
Expected: HTTP status {wanted} Actual: HTTP status {came}
expected HTTP {wanted}, received HTTP {came}
expected status {wanted} but was {came}
expected the response to have status code {wanted} but it was {came}
expected response to have status code {wanted} but got {came}
expected {wanted} for an anonymous user but the server answered {came}
response status code: expected {wanted}, actual {came}
actual status {came}, expected status {wanted}
login failed with status {came}, expected {wanted}
expect status to equal {wanted} but got {came}
status code should be {wanted}, was {came}
status code should have been {wanted} but it was {came}
the API should return {wanted} for valid input, it returned {came}
the API should have returned {wanted} instead of {came}
the server returned {came} instead of {wanted}
HTTP {came} instead of HTTP {wanted}
HTTP {came} rather than HTTP {wanted}
Got HTTP {came} in place of {wanted}
HTTP {wanted} expected, HTTP {came} received
expected HTTP {wanted} ≠ {came}
wanted status {wanted} but status is {came}
unexpected status: got {came}, want {wanted}
status = {came}, want {wanted}
StatusCode: want {wanted}, got {came}
handler returned wrong status code: got {came} want {wanted}
status_code: {came} (expected {wanted})
Couldn't sign in: status code={came} (should be {wanted})
Response code {came} does not equal expected {wanted}
Status code is not {wanted}: {came}
Status {came} is not in [{wanted}, 204]
POST /runs returned {came}, wanted one of {wanted}/204
server returned status {came}; should have returned {wanted}
expected {came} to equal {wanted} status code
Failed asserting that {came} is identical to {wanted}. HTTP status code
Failed asserting that {came} matches expected {wanted}. status code
Not equal: expected: {wanted} actual: {came} Messages: status code
assertion `left == right` failed: status code left: {came} right: {wanted}
HTTP status ==> expected: <{wanted}> but was: <{came}>
Status expected:<{wanted}> but was:<{came}>
1 expectation failed. Expected status code <{wanted}> but was <{came}>.
Expected response to have status code :ok ({wanted}) but was :other ({came})
Expected Code.A {{value: {wanted}}}, but found Code.B {{value: {came}}} in the response.
request 17 of 999 failed: expected status {wanted}, got {came}
Statuscode sollte {wanted} sein, war aber {came}
Erwarteter Statuscode {wanted}, aber {came} erhalten
HTTP-Status {came} statt {wanted}
Attendu {wanted}, reçu {came} (code HTTP)
Code HTTP {came} au lieu de {wanted}
Se esperaba el estado {wanted} pero se obtuvo {came}
""".splitlines()


@pytest.mark.parametrize("words", EITHER)
@pytest.mark.parametrize(("wanted", "came"), [("200", "500"), ("404", "200"), ("503", "403")])
def test_the_status_that_came_is_the_failure_s(words: str, wanted: str, came: str) -> None:
    said = words.format(wanted=wanted, came=came)
    found = {
        sign(failure("", style("AssertionError", said))) for style in (long_text, short_text, native_text)
    }
    (key,) = {signature.key for signature in found}
    signature = found.pop()
    assert (signature.kind, dict(signature.slots)["status"]) == ("http.status", came), key
    assert signature.title.startswith(f"HTTP {came}")


ERRORS = [  # no word says which came: an error in place of a success
    "HTTP status 200 != 500",
    "HTTP status 500 != 200",
    "HTTP 500 ≠ 200",
    "200 <> 500 (status)",
    "expected 200, got 500",
]


@pytest.mark.parametrize("words", ERRORS)
def test_without_a_word_the_error_came(words: str) -> None:
    assert dict(sign(failure("", long_text("AssertionError", words))).slots)["status"] == "500"


VALUES = [
    ("self.assertEqual(200, answer.status_code)", "200 != 404", "404"),
    ("self.assertEqual(answer.status_code, 200)", "404 != 200", "404"),
    ("self.assertEqual(answer.status_code, wanted)", "200 != 404", "200"),
    ("self.assertEqual(HTTPStatus.OK, answer.status_code)", "200 != 404", "404"),
    ("self.check(answer, 200)", "200 != 500 : wrong HTTP status", "500"),
    ("self.check(answer, 200)", "500 != 200 : wrong HTTP status", "500"),
    ("self.check(answer, 200)", "500 not found in (200, 201) : status code", "500"),
    ("assert 200 == answer.status_code", "assert 200 == 500\n +  where 500 = <Response [500]>.status_code", "500"),
    ("assert answer.status_code == 200", "assert 500 == 200\n +  where 500 = <Response [500]>.status_code", "500"),
    ("assert answer.status_code == 200, told", "Expected status code 200 for /orders, but got 500\nassert 500 == 200\n +  where 500 = <Response [500]>.status_code", "500"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "words", "came"), VALUES)
def test_of_values_the_statement_says_which_came(statement: str, words: str, came: str) -> None:
    found = sign(failure("", long_text("AssertionError", words, statement=statement)))
    assert (found.kind, dict(found.slots)["status"]) == ("http.status", came)


ELSEWHERE = [
    (java, "java.lang.AssertionError: 1 expectation failed.\nExpected status code <200> but was <500>."),
    (java, "org.opentest4j.AssertionFailedError: HTTP status ==> expected: <200> but was: <500>"),
    (dotnet, "Assert.Equal() Failure: Values differ\nExpected: OK\nActual:   InternalServerError"),
    (dotnet, "  Expected: OK\n  But was:  InternalServerError\n"),
    (v8, "Error: expect(received).toBe(expected) // Object.is equality\n\nExpected: 200\nReceived: 500"),
    (v8, "AssertionError: expected 500 to equal 200"),
    (go, "status = 500, want 200"),
    (rust, "assertion `left == right` failed: status\n  left: 500\n right: 200"),
    (php, "Failed asserting that 500 is identical to 200."),
    (
        ruby,
        "RSpec::Expectations::ExpectationNotMetError: expected the response to have status code 200 but it was 500",
    ),
]


@pytest.mark.parametrize(("language", "said"), ELSEWHERE)
def test_in_the_words_of_other_languages(language, said: str) -> None:
    found = sign(elsewhere(language(said)))
    assert (found.kind, dict(found.slots)["status"]) == ("http.status", "500")


NO_STATUS = [
    "Expected 200 rows but got 500",
    "expected 100 items but got 200 items",
    "took 500 ms, expected 200 ms",
    "waited 300 of 500 ms",
    "expected 200 points, got 404",
]


@pytest.mark.parametrize("words", NO_STATUS)
def test_numbers_that_count_are_no_statuses(words: str) -> None:
    assert sign(failure("", long_text("AssertionError", words))).kind != "http.status"


@pytest.mark.parametrize("words", EITHER)
def test_the_key_of_the_algorithm_before_finds_the_issue(words: str) -> None:
    told = failure("", long_text("AssertionError", words.format(wanted="200", came="500")))
    now, before = sign(told), sign(told, Settings(algorithm=1))
    assert before.key in now.known_as


def test_what_was_read_right_before_has_no_former_key() -> None:
    for words in ("expected 200, got 503", "Expected 200 OK but received 500 Internal Server Error"):
        assert sign(failure("", long_text("AssertionError", words))).former == ()
