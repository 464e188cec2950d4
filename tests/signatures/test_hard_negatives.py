"""Pairs that differ in one thing that matters. They must never share a key: a merged pair hides a bug."""

import pytest

from tests.signatures.said import failure, in_app, long_text, native_text, short_text
from triagebot.reports.model import Failure
from triagebot.signatures import judge, sign

WS = "websockets.exceptions.ConnectionClosedError"
POOL = "HTTPSConnectionPool(host='{}', port=443): Max retries exceeded with url: /a (Caused by NewConnectionError('x: [Errno 111] Connection refused'))"

PAIRS = [
    # HTTP status
    (("requests.HTTPError", "503 Server Error: Service Unavailable for url: https://a.example/"), ("requests.HTTPError", "429 Client Error: Too Many Requests for url: https://a.example/")),
    (("requests.HTTPError", "401 Client Error: Unauthorized for url: https://a.example/"), ("requests.HTTPError", "403 Client Error: Forbidden for url: https://a.example/")),
    (("requests.HTTPError", "503 Server Error: x for url: https://a.example/"), ("requests.HTTPError", "503 Server Error: x for url: https://b.example/")),
    (("httpx.HTTPStatusError", "Server error '502 Bad Gateway' for url 'https://a.example'"), ("httpx.HTTPStatusError", "Server error '504 Gateway Timeout' for url 'https://a.example'")),
    (("urllib.error.HTTPError", "HTTP Error 404: Not Found"), ("urllib.error.HTTPError", "HTTP Error 410: Gone")),
    (("AssertionError", "expected 200, got 503"), ("AssertionError", "expected 200, got 500")),
    (("AssertionError", "assert 404 == 200\n +  where 404 = <Response [404]>.status_code"), ("AssertionError", "assert 500 == 200\n +  where 500 = <Response [500]>.status_code")),
    (("AssertionError", "assert 200 == 401\n +  where 200 = <Response [200]>.status_code"), ("AssertionError", "assert 200 == 403\n +  where 200 = <Response [200]>.status_code")),
    (("RuntimeError", "upstream replied 503 Service Unavailable"), ("RuntimeError", "upstream replied 504 Gateway Timeout")),
    (("openai.APIStatusError", "Error code: 429 - {}"), ("openai.APIStatusError", "Error code: 500 - {}")),
    # WebSocket
    ((WS, "received 1011 (internal error); then sent 1011 (internal error)"), (WS, "received 1008 (policy violation); then sent 1008 (policy violation)")),
    ((WS, "received 1011 (internal error); then sent 1011 (internal error)"), (WS, "sent 1011 (internal error) keepalive ping timeout; no close frame received")),
    ((WS, "received 1011 (internal error); then sent 1011 (internal error)"), (WS, "sent 1011 (internal error); then received 1011 (internal error)")),
    ((WS, "received 1011 (internal error); then sent 1011 (internal error)"), (WS, "no close frame received or sent")),
    ((WS, "received 1012 (service restart); then sent 1012 (service restart)"), (WS, "received 1011 (internal error); then sent 1011 (internal error)")),
    ((WS, "received 4001 (private use); then sent 4001 (private use)"), (WS, "received 4003 (private use); then sent 4003 (private use)")),
    ((WS, "received 1008 (policy violation) token expired"), (WS, "received 1008 (policy violation) rate limit")),
    ((WS, "code = 1011 (unexpected error), no reason"), (WS, "code = 1006 (connection closed abnormally [internal]), no reason")),
    (("websockets.InvalidStatus", "server rejected WebSocket connection: HTTP 403"), ("websockets.InvalidStatus", "server rejected WebSocket connection: HTTP 503")),
    (("websockets.InvalidStatus", "server rejected WebSocket connection: HTTP 503"), ("requests.HTTPError", "503 Server Error: x")),
    # processes and signals
    (("subprocess.CalledProcessError", "Command '['a']' returned non-zero exit status 137."), ("subprocess.CalledProcessError", "Command '['a']' returned non-zero exit status 139.")),
    (("subprocess.CalledProcessError", "Command '['a']' returned non-zero exit status 137."), ("subprocess.CalledProcessError", "Command '['a']' returned non-zero exit status 1.")),
    (("subprocess.CalledProcessError", "Command '['alembic']' returned non-zero exit status 1."), ("subprocess.CalledProcessError", "Command '['seed']' returned non-zero exit status 1.")),
    (("Exception", "Fatal Python error: Segmentation fault"), ("Exception", "Fatal Python error: Aborted")),
    (("MemoryError", ""), ("RuntimeError", "exited with code 137")),
    # environment
    (("KeyError", "'STAGING_API_KEY'"), ("KeyError", "'STAGING_DB_URL'")),
    (("RuntimeError", "environment variable API_KEY is not set"), ("RuntimeError", "environment variable DB_URL is not set")),
    (("KeyError", "'STAGING_API_KEY_A'"), ("KeyError", "'STAGING_API_KEY_B'")),
    # imports
    (("ModuleNotFoundError", "No module named 'app.a'"), ("ModuleNotFoundError", "No module named 'app.b'")),
    (("ImportError", "cannot import name 'A' from 'app' (/w/app.py)"), ("ImportError", "cannot import name 'B' from 'app' (/w/app.py)")),
    (("ImportError", "cannot import name 'A' from 'app' (/w/app.py)"), ("ImportError", "cannot import name 'A' from 'lib' (/w/lib.py)")),
    (("ModuleNotFoundError", "No module named 'app'"), ("ImportError", "libpq.so.5: cannot open shared object file: No such file or directory")),
    # TLS and DNS
    (("ssl.SSLError", "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1)"), ("ssl.SSLError", "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1)")),
    (("ssl.SSLError", "[SSL: WRONG_VERSION_NUMBER] wrong version number"), ("ssl.SSLError", "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1)")),
    (("socket.gaierror", "[Errno -2] Name or service not known"), ("socket.gaierror", "[Errno -3] Temporary failure in name resolution")),
    (("Error", "getaddrinfo ENOTFOUND a.example"), ("Error", "getaddrinfo ENOTFOUND b.example")),
    # connections
    (("ConnectionRefusedError", "[Errno 111] Connection refused"), ("ConnectionResetError", "[Errno 104] Connection reset by peer")),
    (("requests.ConnectionError", POOL.format("auth.example")), ("requests.ConnectionError", POOL.format("billing.example"))),
    (("ConnectionRefusedError", "[Errno 111] Connect call failed ('127.0.0.1', 5432)"), ("ConnectionRefusedError", "[Errno 111] Connect call failed ('127.0.0.1', 6379)")),
    (("ConnectionRefusedError", "[Errno 111] Connection refused"), ("OSError", "[Errno 113] No route to host")),
    (("httpx.ConnectTimeout", "timed out"), ("httpx.ReadTimeout", "timed out")),
    # gRPC, cloud
    (("grpc.RpcError", "status = StatusCode.UNAVAILABLE"), ("grpc.RpcError", "status = StatusCode.UNAUTHENTICATED")),
    (("botocore.ClientError", "An error occurred (AccessDenied) when calling the GetItem operation: x"), ("botocore.ClientError", "An error occurred (ThrottlingException) when calling the GetItem operation: x")),
    (("botocore.ClientError", "An error occurred (AccessDenied) when calling the GetItem operation: x"), ("botocore.ClientError", "An error occurred (AccessDenied) when calling the PutItem operation: x")),
    # databases
    (("sqlite3.OperationalError", "no such table: users"), ("sqlite3.OperationalError", "no such table: threads")),
    (("sqlite3.OperationalError", "no such table: users"), ("sqlite3.OperationalError", "no such column: users")),
    (("psycopg.errors.UniqueViolation", 'duplicate key value violates unique constraint "a_key"'), ("psycopg.errors.ForeignKeyViolation", 'insert or update on table "a" violates foreign key constraint "a_key"')),
    (("Exception", "boom (SQLSTATE 40P01)"), ("Exception", "boom (SQLSTATE 40001)")),
    (("sqlite3.OperationalError", "database is locked"), ("sqlite3.OperationalError", "unable to open database file")),
    # files
    (("FileNotFoundError", "[Errno 2] No such file or directory: '/w/a.json'"), ("PermissionError", "[Errno 13] Permission denied: '/w/a.json'")),
    (("FileNotFoundError", "[Errno 2] No such file or directory: '/w/a.json'"), ("FileNotFoundError", "[Errno 2] No such file or directory: '/w/b.json'")),
    (("OSError", "[Errno 28] No space left on device"), ("OSError", "[Errno 24] Too many open files")),
    (("OSError", "[Errno 98] Address already in use: ('0.0.0.0', 8000)"), ("OSError", "[Errno 98] Address already in use: ('0.0.0.0', 9000)")),
    # timeouts
    (("Failed", "Timeout (>30.0s) from pytest-timeout."), ("httpx.ReadTimeout", "timed out")),
    (("AssertionError", "no agent_started within 30s"), ("AssertionError", "no tool_completed within 30s")),
    (("playwright.TimeoutError", 'Page.click: Timeout 30000ms exceeded.\n  - waiting for locator("#a")'), ("playwright.TimeoutError", 'Page.click: Timeout 30000ms exceeded.\n  - waiting for locator("#b")')),
    (("subprocess.TimeoutExpired", "Command '['a']' timed out after 5 seconds"), ("subprocess.TimeoutExpired", "Command '['b']' timed out after 5 seconds")),
    # data
    (("json.JSONDecodeError", "Expecting value: line 1 column 1 (char 0)"), ("json.JSONDecodeError", "Extra data: line 1 column 5 (char 4)")),
    (("pydantic.ValidationError", "1 validation error for A\nname\n  Field required [type=missing, input_value={}]"), ("pydantic.ValidationError", "1 validation error for B\nname\n  Field required [type=missing, input_value={}]")),
    (("pydantic.ValidationError", "1 validation error for A\nname\n  Field required [type=missing, input_value={}]"), ("pydantic.ValidationError", "1 validation error for A\nage\n  Field required [type=missing, input_value={}]")),
    (("pydantic.ValidationError", "1 validation error for A\nname\n  Field required [type=missing, input_value={}]"), ("pydantic.ValidationError", "1 validation error for A\nname\n  Bad [type=string_type, input_value={}]")),
    # event loops, fixtures, contracts
    (("RuntimeError", "Event loop is closed"), ("RuntimeError", "no running event loop")),
    (("Failed", "fixture 'a' not found"), ("Failed", "fixture 'b' not found")),
    (("Failed", "fixture 'a' not found"), ("Failed", "async def functions are not natively supported.")),
    (("AssertionError", "missing events: tool_completed"), ("AssertionError", "missing events: agent_completed")),
    (("AssertionError", "missing events: tool_completed"), ("AssertionError", "events out of order: tool_completed before agent_started")),
    (("AssertionError", "missing events: {'tool_completed'}"), ("AssertionError", "missing events: {'agent_completed', 'tool_completed'}")),
    (("AssertionError", "GET https://a.example/x -> 503: {}"), ("AssertionError", "GET https://a.example/x -> 401: {}")),
    (("Failed", "Login failed: 503 - {}"), ("Failed", "Login failed: 429 - {}")),
    (("AssertionError", "Locator expected to be visible\n  - waiting for locator('#a')"), ("AssertionError", "Locator expected to be visible\n  - waiting for locator('#b')")),
    (("NoSuchElementException", 'Message: no such element: Unable to locate element: {"method":"css selector","selector":"#a"}'), ("NoSuchElementException", 'Message: no such element: Unable to locate element: {"method":"css selector","selector":"#b"}')),
    (("RuntimeError", "Connection closed: code=1006"), ("RuntimeError", "Connection closed: code=1011")),
    (("RuntimeError", "ws disconnected: 4003"), ("RuntimeError", "ws disconnected: 4001")),
    (("openai.RateLimitError", "Error code: 429 - {'error': {'code': 'insufficient_quota'}}"), ("openai.RateLimitError", "Error code: 429 - {'error': {'code': 'rate_limit_exceeded'}}")),
    (("RetryError", "HTTPSConnectionPool(host='a.example', port=443): too many 502 error responses"), ("RetryError", "HTTPSConnectionPool(host='b.example', port=443): too many 502 error responses")),
    (("smtplib.SMTPAuthenticationError", "(535, b'no')"), ("smtplib.SMTPAuthenticationError", "(534, b'no')")),
    (("elasticsearch.NotFoundError", "NotFoundError(404, 'x')"), ("elasticsearch.NotFoundError", "NotFoundError(410, 'x')")),
    # the fallback
    (("Failed", 'bad body:\n{\n  "error": "quota"\n}'), ("Failed", 'bad body:\n{\n  "error": "plan"\n}')),
    (("Failed", "DID NOT WARN. No warnings of type (<class 'DeprecationWarning'>,) were emitted."), ("Failed", "DID NOT WARN. No warnings of type (<class 'UserWarning'>,) were emitted.")),
    (("Failed", "[XPASS(strict)] bug 12"), ("Failed", "[XPASS(strict)] bug 13")),
    (("AssertionError", "bad reply: {'id': 1, 'error': 'quota'}"), ("AssertionError", "bad reply: {'id': 1, 'error': 'plan'}")),
    (("AssertionError", "got ['started'] only"), ("AssertionError", "got ['stopped'] only")),
    (("Failed", "=====\nCRITICAL: login is broken\n====="), ("Failed", "=====\nCRITICAL: events are gone\n=====")),
    (("AssertionError", "\n\nPayment declined"), ("AssertionError", "\n\nLogin broken")),
    (("ValueError", "lock /tmp/job-1/redis.lock is held by pid 7"), ("ValueError", "lock /tmp/job-1/postgres.lock is held by pid 7")),
    (("RuntimeError", "the cart is empty"), ("ValueError", "the cart is empty")),
    (("AttributeError", "'Plan' object has no attribute 'price'"), ("AttributeError", "'Plan' object has no attribute 'name'")),
    (("AttributeError", "'Plan' object has no attribute 'price'"), ("AttributeError", "'NoneType' object has no attribute 'price'")),
    (("AttributeError", "'Plan' object has no attribute 'price'"), ("AttributeError", "'Cart' object has no attribute 'price'")),
    (("NameError", "name 'env' is not defined"), ("NameError", "name 'secret' is not defined")),
    (("Failed", "DID NOT RAISE <class 'ValueError'>"), ("Failed", "DID NOT RAISE <class 'KeyError'>")),
    (("TypeError", "send() missing 1 required positional argument: 'a'"), ("TypeError", "send() missing 1 required positional argument: 'b'")),
    (("RuntimeError", "vendor says ORA-00942"), ("RuntimeError", "vendor says ORA-01017")),
    (("RuntimeError", "Service 'billing' responded with status code 503"), ("RuntimeError", "Service 'auth' responded with status code 503")),
    (("RuntimeError", "auth service returned HTTP 500"), ("RuntimeError", "mail service returned HTTP 500")),
    (("RuntimeError", "container mail exited with code 137"), ("RuntimeError", "container auth exited with code 137")),
    (("RuntimeError", "container mail was OOMKilled"), ("RuntimeError", "container auth was OOMKilled")),
    (("RuntimeError", "failed with code 17"), ("RuntimeError", "failed with code 18")),
    (("RuntimeError", "1 == 1 was expected, 5 == 5 came"), ("RuntimeError", "1 == 1 was expected, 5 == 6 came")),
    (("java.lang.IllegalStateException", "pool is shut"), ("java.lang.IllegalArgumentException", "pool is shut")),
]  # fmt: skip


def test_there_are_enough_pairs():
    assert len(PAIRS) >= 60


@pytest.mark.parametrize(("one", "other"), PAIRS)
@pytest.mark.parametrize("shape", [long_text, short_text, native_text, in_app])
def test_a_hard_negative_never_merges(one, other, shape):
    assert sign(failure("", shape(*one))).key != sign(failure("", shape(*other))).key


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_a_hard_negative_never_merges_where_only_the_message_is_left(one, other):
    first, second = (sign(failure(f"{type_}: {message}")) for type_, message in (one, other))
    assert first.key != second.key


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_titles_tell_a_hard_negative_apart(one, other):
    assert sign(failure("", long_text(*one))).title != sign(failure("", long_text(*other))).title


STATEMENTS = [
    ("assert plan.price() == 3", "assert plan.total() == 3"),
    ("assert Schema().dump(x) == y", "assert Schema().load(x) == y"),
    ("assert len(cart.items_of(x)) == 3", "assert len(cart.events_of(x)) == 3"),
    ("self.assertEqual(price(a), 1)", "self.assertEqual(total(a), 1)"),
    ("assert user.name == 'x'", "assert user.mail == 'x'"),
    ("assert plan.price().net == 3", "assert plan.price().gross == 3"),
    ("assert ev['type'] == 'x'", "assert ev['payload'] == 'x'"),
    ("assert plan(x)['net'] == 3", "assert plan(x)['gross'] == 3"),
    ("assert 'token' in login(x)", "assert 'user' in login(x)"),
    ("assert 'panic' not in logs_of(x)", "assert 'error' not in logs_of(x)"),
    ("self.assertIn('token', login(x))", "self.assertIn('user', login(x))"),
    ("assert wait_for('agent_started')", "assert wait_for('tool_completed')"),
    ("assert 'a' in check(cart)", "assert check(cart) == {}"),
]


@pytest.mark.parametrize(("one", "other"), STATEMENTS)
def test_assertions_on_different_calls_stay_apart(one, other):
    texts = [long_text("AssertionError", "assert 4 == 3", statement=statement) for statement in (one, other)]
    assert len({sign(failure("", text)).key for text in texts}) == 2


def test_assertions_without_their_statement_stay_apart_by_their_words():
    assert sign(failure("assert 1 == 2")).key != sign(failure("assert 'a' in 'b'")).key


def none_of(item: str) -> str:
    return long_text("AssertionError", "assert None == 3", statement=f"assert api.order()['{item}'] == 3")


def test_items_of_one_answer_that_are_none_stay_apart():
    assert sign(failure("", none_of("total"))).key != sign(failure("", none_of("status"))).key
    assert sign(failure("", none_of("total"))).title == "order gave None as total where a value was expected"


EXPLAINED = (
    "assert None == 'a'\n +  where None = load('a')\n +    where load = <shop.{owner} object at 0x7f0>.load"
)


def test_methods_of_one_name_are_told_apart_by_the_class_that_pytest_shows():
    texts = [
        long_text("AssertionError", EXPLAINED.format(owner=owner), statement="assert it.load('a') == 'a'")
        for owner in ("Carts", "Orders")
    ]
    titles = [sign(failure("", text)).title for text in texts]
    assert titles == [f"{owner}.load gave None where a value was expected" for owner in ("Carts", "Orders")]
    assert len({sign(failure("", text)).key for text in texts}) == 2


def test_tests_of_one_name_in_two_folders_are_told_apart_where_the_call_says_little():
    paths = ("tests/orders/test_api.py", "tests/users/test_api.py")
    texts = [
        long_text("AssertionError", "assert 1 == 2", statement="assert api.get('/a') == 2", path=path)
        for path in paths
    ]
    assert len({sign(failure("", text)).key for text in texts}) == 2


def test_variables_that_an_assertion_misses_are_told_apart():
    texts = [
        long_text("AssertionError", "assert None", statement=f'assert os.getenv("{name}")')
        for name in ("STAGING_API_KEY", "STAGING_DB_URL")
    ]
    assert len({sign(failure("", text)).key for text in texts}) == 2


@pytest.mark.parametrize(
    ("statement", "message", "title"),
    [
        ("user.name", "'NoneType' object has no attribute 'name'", "user gave None where a value was expected"),
        ("for e in events:", "'NoneType' object is not iterable", "events gave None where a value was expected"),
        ("name = user.name", "'NoneType' object has no attribute 'name'", "user gave None where a value was expected"),
        ('mail = find(x)["mail"]', "'NoneType' object is not subscriptable", "find gave None where a value was expected"),
        ('api.json()["user"]["name"]', "'NoneType' object is not subscriptable", "json gave None as user where a value was expected"),
    ],
)  # fmt: skip
def test_what_was_none_is_named_and_not_what_was_asked_of_it(statement, message, title):
    type_ = "AttributeError" if "attribute" in message else "TypeError"
    assert sign(failure("", long_text(type_, message, statement=statement))).title == title


def test_subtests_of_two_tests_are_told_apart():
    said = "contains 2 failed subtests"
    one, other = (Failure(f"a.py::{name}", f"a.{name}", "call", said, said) for name in ("test_a", "test_b"))
    assert sign(one).key != sign(other).key
    assert sign(one).title == "a.test_a contains 2 failed subtests"


def test_a_helper_that_compares_with_what_it_was_handed_is_told_apart_by_the_values():
    texts = [
        long_text("AssertionError", f"assert {n} == 3", statement="assert len(self.rows) == wanted").replace(
            "test_b", "should_have"
        )
        for n in ("'open'", "'lost'")
    ]
    assert len({sign(failure("", text)).key for text in texts}) == 2
    ours = [text.replace("should_have", "test_b") for text in texts]
    assert len({sign(failure("", text)).key for text in ours}) == 1


def test_an_index_out_of_range_is_told_apart_by_its_test():
    one = long_text("IndexError", "list index out of range", statement="rows[0]")
    assert sign(failure("", one)).key != sign(failure("", one.replace("test_b", "test_c"))).key


def test_a_test_of_one_line_has_its_name():
    one = (
        ">   def test_b(): rows[0]\nE   IndexError: list index out of range\n\ntests/test_a.py:3: IndexError"
    )
    assert dict(sign(failure("", one)).slots)["at"] == "tests/test_a:test_b"


def test_a_call_that_says_little_is_told_apart_by_who_asserts():
    one = long_text("AssertionError", "assert 1 == 2", statement="assert api.get('/a') == 2")
    other = one.replace("def test_b", "def test_c")
    assert sign(failure("", one)).key != sign(failure("", other)).key


def test_an_error_that_says_little_is_told_apart_by_its_place():
    one = in_app("KeyError", "'name'", function="read")
    assert sign(failure("", one)).key != sign(failure("", in_app("KeyError", "'name'", function="write"))).key


def test_an_exception_of_pythons_own_that_never_came_is_told_apart_by_who_waited():
    one = long_text("Failed", "DID NOT RAISE ValueError")
    other = one.replace("def test_b", "def test_c")
    assert sign(failure("", one)).key != sign(failure("", other)).key
    ours = long_text("Failed", "DID NOT RAISE Denied")
    assert sign(failure("", ours)).key == sign(failure("", ours.replace("def test_b", "def test_c"))).key


def test_another_message_than_expected_is_told_apart_by_that_message():
    text = "Regex pattern did not match.\n  Expected regex: 'empty'\n  Actual message: '{}'"
    statement = 'with pytest.raises(CartError, match="empty"):'
    keys = {
        sign(failure("", long_text("AssertionError", text.format(said), statement=statement))).key
        for said in ("the cart is full", "the cart is gone")
    }
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("came", "kind"),
    [
        ("KeyError('STAGING_DB_URL')", "env"),
        ("RuntimeError('upstream replied 504 Gateway Timeout')", "http.status"),
        ("ConnectionRefusedError(111, 'Connection refused')", "connection"),
        ("ValueError('no cart')", "error"),
    ],
)
def test_an_assertion_about_a_caught_error_is_the_error_that_came_where_that_is_known(came, kind):
    text = (
        "Should remap to the shop's own error\nassert <class 'X'> is ShopError\n"
        f" +  where <class 'X'> = <ExceptionInfo {came} tblen=4>.type"
    )
    found = sign(
        failure(
            "", long_text("AssertionError", text, statement="assert caught.type is ShopError, 'Should remap'")
        )
    )
    assert found.kind == kind


def test_titles_tell_apart_where_a_connection_without_a_name_was_refused():
    refused = ("ConnectionRefusedError", "[Errno 111] Connection refused")
    titles = [
        sign(failure("", in_app(*refused, module=module))).title
        for module in ("src/shop/cart.py", "src/shop/mail.py")
    ]
    assert titles == ["Connection refused (cart)", "Connection refused (mail)"]


def test_a_shared_helper_that_is_handed_values_is_told_apart_by_their_words():
    one = long_text("AssertionError", "'<b>' != '<i>'", statement="self.assertEqual(result, html)").replace(
        "test_b", "check"
    )
    assert sign(failure("", one)).key != sign(failure("", one.replace("<b>", "<p>"))).key


def test_statuses_of_assertions_without_a_place_never_merge():
    keys = {
        sign(Failure("t", "t", "call", f"assert {n} == 200", f"E   assert {n} == 200")).key
        for n in (404, 500, 401)
    }
    assert len(keys) == 3


def lacking(statement: str) -> str:
    return long_text("KeyError", "'id'", statement=statement)


def test_an_item_that_a_result_lacks_is_told_apart_by_the_call_that_gave_it():
    order, user = (sign(failure("", lacking(f"made = api.{call}(x)['id']"))) for call in ("order", "user"))
    assert order.key != user.key
    assert order.title == "order gave no 'id'"
    traced = long_text("KeyError", "'id'", statement='assert made["id"]').replace(
        ">       assert", "        made = api.order(x)\n>       assert"
    )
    assert sign(failure("", traced)).key == order.key


def test_an_item_that_an_answer_lacks_is_one_where_the_call_says_little():
    one, other = (
        sign(failure("", lacking(f"made = api.post('{path}').json()['id']"))) for path in ("/a", "/b")
    )
    assert one.key == other.key
    assert one.title == "KeyError: 'id'"


def test_what_is_masked_of_a_none_without_its_statement_is_told():
    text = "Traceback (most recent call last):\n  File \"/w/tests/test_a.py\", line 3, in test_b\nTypeError: 'NoneType' object is not iterable 12345"
    assert ("int", "12345") in judge(failure("", text)).masks
