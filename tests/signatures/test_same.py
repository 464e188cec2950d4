"""The same failure on another day, machine, checkout, Python, in another style or format keeps its key."""

import re

import pytest

from tests.signatures.said import failure, in_app, long_text, native_text, short_text
from tests.signatures.test_extractors import HITS
from triagebot.signatures import sign

SAID = [
    ("RuntimeError", "lock /tmp/job-4711/redis.lock is held by pid 12", "lock /tmp/job-9/redis.lock is held by pid 80012"),
    ("RuntimeError", "session 0x7f3f2a039d50 lost at 2026-11-22T09:08:55Z", "session 0x7f0000000000 lost at 2027-01-01T00:00:00Z"),
    ("RuntimeError", "request 6d195a53a2ea45cabd30e40177159298 failed", "request 00005a53a2ea45cabd30e40177159298 failed"),
    ("RuntimeError", "user 0b9a7f5e-1111-4222-8333-944445555666 is gone", "user 1b9a7f5e-1111-4222-8333-944445555667 is gone"),
    ("RuntimeError", "user a.b@shop.example is gone", "user c@other.example is gone"),
    ("RuntimeError", "took 3.5s at 10.0.3.4:51234", "took 12s at 192.168.0.1:80"),
    ("RuntimeError", "read 4.2 MB of /home/a/w/plans.json", "read 912 kB of /builds/x/y/plans.json"),
    ("RuntimeError", "pod api-7d9f8b6c5d-x2x1z is not ready", "pod api-5c6d7e8f9a-ab1cd is not ready"),
    ("RuntimeError", "token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc is stale", "token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIyIn0.xyz is stale"),
    ("RuntimeError", "on Sun, 22 Nov 2026 09:08:55 GMT it broke", "on Mon, 03 Jan 2028 19:00:00 GMT it broke"),
    ("RuntimeError", "at 1763802535.744 it broke", "at 1793802535.1 it broke"),
    ("websockets.exceptions.ConnectionClosedError", "received 1011 (internal error) a; then sent 1011 (internal error) a", "received 1011 (unexpected error); then sent 1011 (unexpected error)"),
    ("requests.HTTPError", "503 Server Error: Service Unavailable for url: https://api-7d9f8b6c5d-x2x1z.shop.example/v1/a", "503 Server Error: Service Unavailable for url: https://api-5c6d7e8f9a-ab1cd.shop.example/v2/b"),
    ("FileNotFoundError", "[Errno 2] No such file or directory: '/home/a/plans.json'", "[Errno 2] No such file or directory: 'C:\\\\w\\\\plans.json'"),
    ("AttributeError", "'Serializer' object has no attribute 'dump'", "'TimedSerializer' object has no attribute 'dump'"),
    ("AttributeError", "'Plan' object has no attribute 'prise'", "'Plan' object has no attribute 'prise'. Did you mean: 'price'?"),
    ("NameError", "name 'env' is not defined", "name 'env' is not defined. Did you mean: 'enum'?"),
    ("TimeoutError", "no answer from agent within 30s", "no answer from agent within 90.5 seconds"),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "one", "other"), SAID)
@pytest.mark.parametrize("shape", [long_text, short_text, native_text, in_app])
def test_what_changes_from_run_to_run_is_no_part_of_the_key(type_, one, other, shape):
    assert sign(failure("", shape(type_, one))).key == sign(failure("", shape(type_, other))).key


@pytest.mark.parametrize(("type_", "message", "_other"), SAID)
def test_every_style_gives_the_same_key(type_, message, _other):
    texts = [shape(type_, message) for shape in (long_text, short_text, native_text)]
    assert len({sign(failure("", text)).key for text in texts}) == 1


@pytest.mark.parametrize(("type_", "message", "_other"), SAID)
def test_the_message_alone_gives_the_same_key(type_, message, _other):
    assert sign(failure(f"{type_}: {message}")).key == sign(failure("", long_text(type_, message))).key


def changed(text: str, *pairs: tuple[str, str]) -> str:
    for pattern, replacement in pairs:
        text = re.sub(pattern, replacement, text)
    return text


TEXT = in_app("KeyError", "'name'")

CHANGES = {
    "lines shifted by three": [(r":(\d+):", lambda m: f":{int(m[1]) + 3}:")],
    "another checkout": [("src/app/client.py", "/builds/team/shop/src/app/client.py"), ("tests/e2e", "/builds/team/shop/tests/e2e")],
    "Windows": [("src/app/client.py", r"src\\app\\client.py"), ("tests/e2e/test_a.py", r"tests\\e2e\\test_a.py")],
    "carets of Python 3.11 and later": [("(?m)^(>       raise it)$", r"\1\n        ^^^^^^^^")],
    "tildes of Python 3.13": [("(?m)^(>       raise it)$", r"\1\n        ~~~~~^^^^")],
    "a helper renamed": [("client.call", "client.called")],
    "coloured": [("(?m)^(E .*)$", "\x1b[31m\\1\x1b[0m")],
    "CRLF": [("\n", "\r\n")],
    "coloured in JUnit": [("(?m)^(E .*)$", r"#x1B[1m#x1B[31m\1#x1B[0m")],
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_around_the_failure_keeps_the_key(change):
    assert sign(failure("", changed(TEXT, *CHANGES[change]))).key == sign(failure("", TEXT)).key


def test_ci_diffs_keep_the_key():
    short = "E       AssertionError: assert {'a': 1} == {'a': 2}\nE         Use -v to get more diff"
    full = "E       AssertionError: assert {'a': 1} == {'a': 2}\nE         \nE         Full diff:\nE         - {'a': 2}\nE         + {'a': 1}"
    frame = "    def test_b():\n>       assert plan.dump() == want\n{}\n\ntests/test_a.py:3: AssertionError"
    assert sign(failure("", frame.format(short))).key == sign(failure("", frame.format(full))).key


def test_a_setup_error_as_junit_wraps_it_keeps_the_key():
    wrapped = failure("failed on setup with \"KeyError: 'STAGING_DB_URL'\"", phase="setup")
    assert sign(wrapped).key == sign(failure("KeyError: 'STAGING_DB_URL'", phase="setup")).key


@pytest.mark.parametrize("test", ["tests/test_a.py::test_b", "tests/test_z.py::TestY::test_x[1-2]"])
@pytest.mark.parametrize("phase", ["setup", "call", "teardown"])
def test_neither_test_nor_phase_is_part_of_the_key(test, phase):
    text = long_text("RuntimeError", "the cart is empty")
    assert sign(failure("", text, test=test, phase=phase)).key == sign(failure("", text)).key


def test_did_not_raise_reads_the_same_in_every_pytest():
    said = ("DID NOT RAISE <class 'app.errors.Denied'>", "DID NOT RAISE Denied")
    assert len({sign(failure("", long_text("Failed", text))).key for text in said}) == 1


def test_an_outage_is_one_issue_from_every_call_site_of_one_module():
    refused = ("ConnectionRefusedError", "[Errno 111] Connection refused")
    keys = {sign(failure("", in_app(*refused, function=name))).key for name in ("send", "close")}
    assert len(keys) == 1


def test_one_call_that_answers_none_is_one_issue_however_it_is_noticed():
    compared = long_text("AssertionError", "assert None == 3", statement="assert plan.dump() == 3")
    used = long_text(
        "TypeError", "'NoneType' object is not subscriptable", statement='value = plan.dump()["a"]'
    )
    contained = long_text(
        "AssertionError", "assert {'a': None} == {'a': 1}", statement="assert plan.dump() == {'a': 1}"
    )
    keys = {sign(failure("", text)).key for text in (compared, used.replace("value = ", ""), contained)}
    assert len(keys) == 1


RUNNER = '\n  File "/usr/lib/python3.12/unittest/case.py", line 885, in assertEqual\n    raise self.failureException(msg)'


def test_unittest_reads_the_same_where_its_own_frames_are_shown():
    long = long_text("AssertionError", "1 != 3", statement="self.assertEqual(price(cart), 3)")
    native = native_text("AssertionError", "1 != 3", statement="self.assertEqual(price(cart), 3)" + RUNNER)
    assert sign(failure("", native)).key == sign(failure("", long)).key
    assert sign(failure("", native)).title == "Assertion failed: self.assertEqual(price(cart), 3)"


def test_the_values_beside_an_authors_words_are_no_part_of_the_key():
    said = ("'a1' != 'b1' : the session is stale", "'a2' != 'b2' : the session is stale")
    found = [sign(failure("", long_text("AssertionError", each))) for each in said]
    assert len({each.key for each in found}) == 1
    assert found[0].title == "the session is stale"


def test_an_assertion_is_traced_to_the_call_that_made_the_value():
    direct = long_text("AssertionError", "assert [None] == [2]", statement="assert plan.dump() == [2]")
    through = direct.replace(
        ">       assert plan.dump() == [2]", "        data = plan.dump()\n>       assert data['x'] == [2]"
    )
    assert sign(failure("", direct)).key == sign(failure("", through)).key


def test_an_assertion_keeps_its_key_under_a_formatter_and_with_other_literals():
    statements = (
        "assert plan.dump(1) == {'a': [1, 2]}",
        'assert plan.dump(7) == { "b": [ 1, 2, ], }',
        "assert plan.dump(1) == {'a': [1, 2]}  # as agreed",
    )
    texts = [long_text("AssertionError", "assert {} == {...}", statement=one) for one in statements]
    assert len({sign(failure("", text)).key for text in texts}) == 1


@pytest.mark.parametrize(("type_", "message"), [(row[0], row[1]) for row in HITS])
def test_one_message_has_one_key_in_every_style(type_, message):
    styles = (long_text, short_text, native_text)
    assert len({sign(failure("", style(type_, message))).key for style in styles}) == 1


def test_a_value_is_no_part_of_an_assertion():
    one = long_text("AssertionError", "assert 1 == 2", statement="assert plan.dump(1) == 2")
    other = long_text("AssertionError", "assert 'a' == 'b'", statement="assert plan.dump('a') == 'b'")
    assert sign(failure("", one)).key == sign(failure("", other)).key
