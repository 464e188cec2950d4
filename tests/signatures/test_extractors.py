"""Every family as a table: hits, near misses, and what is known to be wrong; each bare, behind and before other words."""

import pytest

from tests.signatures.elsewhere import elsewhere, v8
from tests.signatures.said import failure, long_text
from triagebot.signatures import EXTRACTORS, judge, sign

WS = "websockets.exceptions.ConnectionClosedError"
POOL = "HTTPSConnectionPool(host='api.shop.example', port=443)"

HITS = [
    # type, message, kind, slots
    ("Exception", "worker 'gw3' crashed while running 'tests/test_a.py::test_b'", "worker.crash", {}),
    ("Exception", "Fatal Python error: Segmentation fault", "worker.crash", {"signal": "SIGSEGV"}),
    ("Exception", "Fatal Python error: Aborted", "worker.crash", {"signal": "SIGABRT"}),
    ("Exception", "Fatal Python error: SIGBUS", "worker.crash", {"signal": "SIGBUS"}),
    ("Exception", "worker 'gw0' crashed while running 'a' with exit code -9", "worker.crash", {"signal": "SIGKILL"}),
    ("Exception", "worker 'gw0' crashed while running 'a' with exit code 3", "worker.crash", {}),
    ("Exception", "node down: Not properly terminated", "worker.crash", {}),
    ("subprocess.CalledProcessError", "Command '['alembic', 'upgrade']' returned non-zero exit status 137.", "process.exit", {"status": "137", "command": "alembic"}),
    ("subprocess.CalledProcessError", "Command 'make deploy' returned non-zero exit status 2.", "process.exit", {"status": "2", "command": "make"}),
    ("subprocess.CalledProcessError", "Command '['/venv/bin/python3.12', '-m', 'seed']' returned non-zero exit status 1.", "process.exit", {"status": "1", "command": "python -m seed"}),
    ("subprocess.CalledProcessError", "Command '['x']' died with <Signals.SIGKILL: 9>.", "process.exit", {"status": "SIGKILL", "command": "x"}),
    ("RuntimeError", "seed ended, exit code -9", "process.exit", {"status": "SIGKILL", "what": "seed ended, exit code -9"}),
    ("RuntimeError", "auth replied 503 for request 7", "http.status", {"status": "503", "host": "auth"}),
    ("RuntimeError", "Got 502 from the payments service", "http.status", {"status": "502", "host": "payments"}),
    ("RuntimeError", "upstream replied 504 Gateway Timeout", "http.status", {"status": "504"}),
    ("RuntimeError", "the server responded with a status of 503", "http.status", {"status": "503"}),
    ("RuntimeError", "container exited with code 139", "process.exit", {"status": "139", "what": "container exited with code 139"}),
    ("SystemExit", "3", "process.exit", {"status": "3"}),
    ("MemoryError", "", "process.oom", {}),
    ("RuntimeError", "agent-7 was OOMKilled", "process.oom", {"what": "agent-<int>"}),
    ("ModuleNotFoundError", "No module named 'app.billing'", "import", {"module": "app.billing"}),
    ("ImportError", "cannot import name 'Engine' from 'app.db' (/w/src/app/db.py)", "import", {"module": "app.db", "name": "Engine"}),
    ("ImportError", "cannot import name 'A' from partially initialized module 'app' (most likely due to a circular import)", "import", {"module": "app", "name": "A"}),
    ("ImportError", "libpq.so.5: cannot open shared object file: No such file or directory", "import", {"library": "libpq.so.5"}),
    ("ImportError", "cannot import name 'Engine'", "import", {"name": "Engine"}),
    ("ImportError", "DLL load failed while importing _ssl: The specified module could not be found.", "import", {"library": "_ssl"}),
    ("Error", "Cannot find module 'left-pad'", "import", {"module": "left-pad"}),
    ("SyntaxError", "unmatched ')' (app.py, line 7)", "syntax", {"error": "unmatched ')'"}),
    ("KeyError", "'STAGING_DB_URL'", "env", {"name": "STAGING_DB_URL"}),
    ("RuntimeError", "environment variable JWT_SECRET is not set", "env", {"name": "JWT_SECRET"}),
    ("ValueError", "JWT_SECRET environment variable is required", "env", {"name": "JWT_SECRET"}),
    ("ValueError", "Missing required environment variables: REDIS_URL, DB_URL", "env", {"name": "DB_URL REDIS_URL"}),
    ("AssertionError", "Missing environment variables: ['STAGING_URL', 'API_KEY']", "env", {"name": "API_KEY STAGING_URL"}),
    ("decouple.UndefinedValueError", "SECRET_KEY not found. Declare it as envvar or define a default value.", "env", {"name": "SECRET_KEY"}),
    ("ssl.SSLCertVerificationError", "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1006)", "tls", {"reason": "certificate has expired"}),
    ("ssl.SSLError", "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)", "tls", {"reason": "wrong version number"}),
    ("requests.exceptions.SSLError", POOL + ": Max retries exceeded (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate')))", "tls", {"reason": "self-signed certificate", "host": "api.shop.example"}),
    ("socket.gaierror", "[Errno -2] Name or service not known", "dns", {"reason": "unknown"}),
    ("socket.gaierror", "[Errno -3] Temporary failure in name resolution", "dns", {"reason": "temporary"}),
    ("Error", "getaddrinfo ENOTFOUND auth.shop.example", "dns", {"host": "auth.shop.example", "reason": "unknown"}),
    ("RuntimeError", "dial tcp: lookup db.internal.example on 10.0.0.2:53: no such host", "dns", {"host": "db.internal.example", "reason": "unknown"}),
    ("requests.exceptions.ConnectionError", POOL + ": Max retries exceeded with url: / (Caused by NewConnectionError('<x object at 0x7f>: Failed to establish a new connection: [Errno 111] Connection refused'))", "connection", {"state": "refused", "peer": "api.shop.example"}),
    ("ConnectionRefusedError", "[Errno 111] Connect call failed ('127.0.0.1', 5432)", "connection", {"state": "refused", "peer": "localhost:5432"}),
    ("playwright._impl._errors.Error", "Page.goto: net::ERR_NAME_NOT_RESOLVED at https://app.shop.example/", "dns", {"host": "app.shop.example", "reason": "unknown"}),
    ("playwright._impl._errors.Error", "Page.goto: net::ERR_CERT_DATE_INVALID at https://app.shop.example/", "tls", {"host": "app.shop.example", "reason": "certificate has expired"}),
    ("ConnectionRefusedError", "[Errno 61] Connection refused", "connection", {"state": "refused"}),
    ("OSError", "[WinError 10061] No connection could be made because the target machine actively refused it", "connection", {"state": "refused"}),
    ("ConnectionResetError", "[Errno 104] Connection reset by peer", "connection", {"state": "reset"}),
    ("redis.exceptions.ConnectionError", "Error 111 connecting to cache.shop.example:6379. Connection refused.", "connection", {"state": "refused", "peer": "cache.shop.example"}),
    ("psycopg2.OperationalError", 'could not connect to server: Connection refused\n\tIs the server running on host "db" (10.1.2.3) and accepting\n\tTCP/IP connections on port 5432?', "connection", {"state": "refused", "peer": "db"}),
    ("psycopg2.OperationalError", "SSL SYSCALL error: EOF detected", "connection", {"state": "closed"}),
    ("pymongo.errors.ServerSelectionTimeoutError", "mongo.shop.example:27017: [Errno 111] Connection refused", "connection", {"state": "refused", "peer": "mongo.shop.example"}),
    ("aiokafka.errors.KafkaConnectionError", "Unable to bootstrap from [('kafka', 9092, <AddressFamily.AF_UNSPEC: 0>)]", "connection", {"state": "refused", "peer": "kafka"}),
    ("playwright._impl._errors.Error", "Page.goto: net::ERR_CONNECTION_REFUSED at http://localhost:3000/", "connection", {"state": "refused", "peer": "localhost:3000"}),
    ("http.client.RemoteDisconnected", "Remote end closed connection without response", "connection", {"state": "closed"}),
    ("Error", "connect ECONNREFUSED 127.0.0.1:3000", "connection", {"state": "refused", "peer": "localhost:3000"}),
    ("OSError", "[Errno 113] No route to host", "connection", {"state": "unreachable"}),
    ("OSError", "[Errno 101] Network is unreachable", "connection", {"state": "unreachable"}),
    ("httpx.ConnectTimeout", "timed out", "connection", {"state": "timeout"}),
    (WS, "received 1011 (internal error) session lost; then sent 1011 (internal error) session lost", "ws.close", {"code": "1011", "side": "received"}),
    (WS, "received 1011 (unexpected error); then sent 1011 (unexpected error)", "ws.close", {"code": "1011", "side": "received"}),
    (WS, "sent 1011 (internal error) keepalive ping timeout; no close frame received", "ws.close", {"code": "1011", "side": "sent", "reason": "keepalive"}),
    (WS, "no close frame received or sent", "ws.close", {"code": "1006", "side": "none"}),
    (WS, "code = 1011 (unexpected error), no reason", "ws.close", {"code": "1011", "side": "received"}),
    (WS, "code = 1006 (connection closed abnormally [internal]), no reason", "ws.close", {"code": "1006", "side": "none"}),
    (WS, "received 1008 (policy violation) token expired; then sent 1008 (policy violation) token expired", "ws.close", {"code": "1008", "side": "received", "reason": "auth"}),
    (WS, "received 4001 (private use); then sent 4001 (private use)", "ws.close", {"code": "4001", "side": "received"}),
    ("starlette.websockets.WebSocketDisconnect", "(1011, 'agent died')", "ws.close", {"code": "1011", "side": "received"}),
    ("RuntimeError", "WebSocket closed by server with code 1011", "ws.close", {"code": "1011", "side": "received"}),
    ("RuntimeError", "WebSocket closed with code 1006", "ws.close", {"code": "1006", "side": "none"}),
    ("httpx_ws.WebSocketDisconnect", "(<CloseReason.INTERNAL_ERROR: 1011>, 'x')", "ws.close", {"code": "1011", "side": "received"}),
    ("RuntimeError", "Connection closed: code=1011 reason=", "ws.close", {"code": "1011"}),
    ("RuntimeError", "ws disconnected: 4003 go away", "ws.close", {"code": "4003"}),
    ("websockets.exceptions.InvalidStatus", "server rejected WebSocket connection: HTTP 403", "ws.handshake", {"status": "403"}),
    ("websockets.exceptions.InvalidStatusCode", "server rejected WebSocket connection: HTTP 503", "ws.handshake", {"status": "503"}),
    ("aiohttp.WSServerHandshakeError", "401, message='Invalid response status', url='wss://ws.shop.example/chat'", "ws.handshake", {"status": "401", "host": "ws.shop.example"}),
    ("TimeoutError", "timed out during opening handshake", "ws.handshake", {"reason": "timeout"}),
    ("grpc.RpcError", '<_InactiveRpcError of RPC that terminated with:\n\tstatus = StatusCode.PERMISSION_DENIED\n\tdetails = "no"', "grpc", {"code": "PERMISSION_DENIED"}),
    ("RuntimeError", "rpc error: code = DeadlineExceeded desc = late", "grpc", {"code": "DEADLINE_EXCEEDED"}),
    ("requests.exceptions.HTTPError", "503 Server Error: Service Unavailable for url: https://api.shop.example/v1/cart", "http.status", {"status": "503", "host": "api.shop.example"}),
    ("httpx.HTTPStatusError", "Server error '502 Bad Gateway' for url 'https://api.shop.example/v1'\nFor more information check: https://developer.mozilla.org/x", "http.status", {"status": "502", "host": "api.shop.example"}),
    ("urllib.error.HTTPError", "HTTP Error 404: Not Found", "http.status", {"status": "404"}),
    ("requests.exceptions.HTTPError", "503 Server Error: Down for url: https://10.0.0.5:8443/", "http.status", {"status": "503", "host": "<ip>:8443"}),
    ("aiohttp.ClientResponseError", "429, message='Too Many Requests', url='https://api.shop.example/'", "http.status", {"status": "429", "host": "api.shop.example"}),
    ("urllib3.exceptions.ResponseError", "too many 503 error responses", "http.status", {"status": "503"}),
    ("Error", "Request failed with status code 500", "http.status", {"status": "500"}),
    ("openai.RateLimitError", "Error code: 429 - {'error': {'message': 'slow down'}}", "http.status", {"status": "429"}),
    ("AssertionError", "expected 200, got 503", "http.status", {"status": "503"}),
    ("AssertionError", "assert 404 == 200\n +  where 404 = <Response [404 Not Found]>.status_code", "http.status", {"status": "404"}),
    ("AssertionError", "assert 200 == 401\n +  where 200 = <Response [200 OK]>.status_code", "http.status", {"status": "200", "expected": "401"}),
    ("AssertionError", "GET https://api.shop.example/v1/cart -> 503: {}", "http.status", {"status": "503", "host": "api.shop.example"}),
    ("RuntimeError", "POST /login failed: 429 slow down", "http.status", {"status": "429"}),
    ("Failed", "Login failed: 401 - {'detail': 'no'}", "http.status", {"status": "401"}),
    ("AssertionError", "health → 502", "http.status", {"status": "502"}),
    ("requests.exceptions.RetryError", POOL + ": Max retries exceeded with url: / (Caused by ResponseError('too many 502 error responses'))", "http.status", {"status": "502", "host": "api.shop.example"}),
    ("google.api_core.exceptions.RetryError", "Timeout of 60.0s exceeded, last exception: 503 failed to connect to all addresses", "http.status", {"status": "503"}),
    ("openai.RateLimitError", "Error code: 429 - {'error': {'message': 'pay', 'type': 'x', 'code': 'insufficient_quota'}}", "http.status", {"status": "429", "error": "insufficient_quota"}),
    ("anthropic.APIStatusError", "Error code: 529 - {'type': 'error', 'error': {'type': 'overloaded_error', 'message': 'x'}}", "http.status", {"status": "529", "error": "overloaded_error"}),
    ("fastapi.exceptions.HTTPException", "500: Internal server error", "http.status", {"status": "500"}),
    ("botocore.exceptions.ClientError", "An error occurred (ThrottlingException) when calling the PutItem operation: slow", "aws.error", {"code": "ThrottlingException", "operation": "PutItem"}),
    ("sqlite3.OperationalError", "no such table: threads", "database", {"error": "undefined_table", "object": "threads"}),
    ("asyncpg.exceptions.UndefinedTableError", 'relation "threads" does not exist', "database", {"error": "undefined_table", "object": "threads"}),
    ("psycopg.errors.UniqueViolation", 'duplicate key value violates unique constraint "users_email_key"\nDETAIL: Key (email)=(a@b.example) already exists.', "database", {"error": "unique_violation", "object": "users_email_key"}),
    ("sqlalchemy.exc.OperationalError", "(sqlite3.OperationalError) database is locked", "database", {"error": "lock_not_available"}),
    ("psycopg.OperationalError", 'connection failed: FATAL:  password authentication failed for user "app"', "database", {"error": "invalid_password", "object": "app"}),
    ("sqlalchemy.exc.TimeoutError", "QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00", "database", {"error": "pool_exhausted"}),
    ("asyncpg.exceptions.TooManyConnectionsError", "sorry, too many clients already", "database", {"error": "too_many_connections"}),
    ("asyncpg.exceptions.DiskFullError", 'could not extend relation "threads"', "database", {"error": "disk_full", "object": "threads"}),
    ("redis.exceptions.BusyLoadingError", "Redis is loading the dataset in memory", "database", {"error": "cannot_connect_now"}),
    ("Exception", "ERROR: canceling statement due to statement timeout (SQLSTATE 57014)", "database", {"error": "statement_timeout"}),
    ("alembic.util.exc.CommandError", "Can't locate revision identified by 'ab12cd34ef56'", "database", {"error": "migration", "object": "ab12cd34ef56"}),
    ("FileNotFoundError", "[Errno 2] No such file or directory: '/w/data/plans.json'", "filesystem", {"errno": "ENOENT", "file": "plans.json"}),
    ("PermissionError", "[Errno 13] Permission denied: '/var/run/app.sock'", "filesystem", {"errno": "EACCES", "file": "app.sock"}),
    ("OSError", "[Errno 28] No space left on device", "filesystem", {"errno": "ENOSPC"}),
    ("OSError", "[Errno 24] Too many open files: '/x/y'", "filesystem", {"errno": "EMFILE"}),
    ("Error", "ENOENT: no such file or directory, open '/w/plans.json'", "filesystem", {"errno": "ENOENT", "file": "plans.json"}),
    ("OSError", "[Errno 98] error while attempting to bind on address ('127.0.0.1', 8000): address already in use", "filesystem", {"errno": "EADDRINUSE", "port": "8000"}),
    ("Failed", "Timeout (>30.0s) from pytest-timeout.", "timeout", {"what": "test"}),
    ("requests.exceptions.ReadTimeout", POOL + ": Read timed out. (read timeout=5)", "timeout", {"what": "HTTP read", "host": "api.shop.example"}),
    ("httpx.ReadTimeout", "", "timeout", {"what": "HTTP read"}),
    ("playwright._impl._errors.TimeoutError", 'Page.click: Timeout 30000ms exceeded.\nCall log:\n  - waiting for locator("#pay")', "timeout", {"what": "Page.click", "target": 'locator("#pay")'}),
    ("subprocess.TimeoutExpired", "Command '['seed', '--all']' timed out after 30 seconds", "timeout", {"what": "command seed"}),
    ("AssertionError", "no answer from the agent within 30s", "timeout", {"what": "no answer from the agent within <duration>"}),
    ("selenium.common.exceptions.TimeoutException", "Message: \nStacktrace:\n#0 0x55d1 <unknown>", "timeout", {"what": "client.call"}),
    ("websocket.WebSocketTimeoutException", "timed out", "timeout", {"what": "client.call"}),
    ("TimeoutError", "", "timeout", {"what": "client.call"}),
    ("app.CartTimeoutError", "the deadline has passed", "timeout", {"what": "the deadline has passed"}),
    ("json.decoder.JSONDecodeError", "Expecting value: line 1 column 1 (char 0)", "json", {"error": "Expecting value"}),
    ("pydantic_core._pydantic_core.ValidationError", "2 validation errors for Plan\nname\n  Field required [type=missing, input_value={}, input_type=dict]\nprices.0.amount\n  Input should be a valid number [type=float_type, input_value='x', input_type=str]", "validation", {"model": "Plan", "errors": "name:missing prices.*.amount:float_type"}),
    ("fastapi.exceptions.ResponseValidationError", "1 validation errors:\n  {'type': 'missing', 'loc': ('response', 0, 'name'), 'msg': 'Field required'}", "validation", {"errors": "response.*.name:missing"}),
    ("aiohttp.ContentTypeError", "200, message='Attempt to decode JSON with unexpected mimetype: text/html', url='https://api.shop.example/'", "json", {"error": "unexpected mimetype text/html", "host": "api.shop.example"}),
    ("aiohttp.ContentTypeError", "502, message='Attempt to decode JSON with unexpected mimetype: text/html', url='https://api.shop.example/'", "http.status", {"status": "502", "host": "api.shop.example"}),
    ("AssertionError", 'Locator expected to be visible\nActual value: None\nCall log:\n  - waiting for get_by_test_id("cart")', "assert", {"text": "Locator expected to be visible", "target": 'get_by_test_id("cart")'}),
    ("AssertionError", "Page URL expected to be 'https://app.shop.example/a'", "assert", {"text": "Page URL expected to be '<url>'"}),
    ("jsonschema.exceptions.ValidationError", "'plan' is a required property\n\nFailed validating", "validation", {"errors": "plan:required"}),
    ("RuntimeError", "Event loop is closed", "event_loop", {"error": "closed"}),
    ("RuntimeError", "Task <Task pending> got Future <Future pending> attached to a different loop", "event_loop", {"error": "different_loop"}),
    ("RuntimeError", "asyncio.run() cannot be called from a running event loop", "event_loop", {"error": "already_running"}),
    ("Failed", "async def functions are not natively supported.", "fixture", {"problem": "async_unsupported"}),
    ("Failed", "ScopeMismatch: You tried to access the function scoped fixture db with a session scoped request object.", "fixture", {"problem": "scope", "name": "db"}),
    ("AssertionError", "missing events: tool_completed", "contract", {"problem": "missing", "event": "tool_completed"}),
    ("AssertionError", "Missing events: {'tool_completed', 'agent_completed'}", "contract", {"problem": "missing", "event": "agent_completed tool_completed"}),
    ("AssertionError", "Missing events:\n  - tool_completed\n  - agent_completed", "contract", {"problem": "missing", "event": "agent_completed tool_completed"}),
    ("AssertionError", "event tool_completed was never received", "contract", {"problem": "missing", "event": "tool_completed"}),
    ("AssertionError", "events out of order: tool_executing came before agent_started", "contract", {"problem": "order", "event": "tool_executing"}),
]  # fmt: skip

NEAR_MISSES = [
    # type, message, the kind that it must not be
    ("ValueError", "user 503 not found", "http.status"),
    ("ValueError", "took 503 ms", "http.status"),
    (
        "docker.errors.DockerException",
        "Error while fetching server API version: ('Connection aborted.', FileNotFoundError(2, 'No such file'))",
        "connection",
    ),
    ("AssertionError", "as expected", "assert"),
    ("AssertionError", "the value expected was another", "assert"),
    ("ValueError", "tests failed: 404, passed: 10", "http.status"),
    ("ValueError", "401 -> 402 rows", "http.status"),
    ("ValueError", "failed 503 times", "http.status"),
    ("AssertionError", "got 404 items, expected 405", "http.status"),
    ("AssertionError", "assert 404 == 405", "http.status"),
    ("ValueError", "1011 rows were read", "ws.close"),
    ("ValueError", "order 1008 was sent", "ws.close"),
    ("ValueError", "received 1011 bytes", "ws.close"),
    ("KeyError", "'name'", "env"),
    ("KeyError", "'ID'", "env"),
    ("ValueError", "the environment is fine", "env"),
    ("AssertionError", "assert 'Connection refused' in 'all is well'", "connection"),
    ("ValueError", "connection string is malformed", "connection"),
    ("ValueError", "timeout must be positive, not -1", "connection"),
    ("AttributeError", "'Client' object has no attribute 'timeout'", "timeout"),
    ("TypeError", "send() got an unexpected keyword argument 'timeout'", "timeout"),
    ("ValueError", "no such column of figures in the report", "database"),
    ("ValueError", "table lamp is broken", "database"),
    ("RuntimeError", "exit the loop", "process.exit"),
    ("RuntimeError", "returned 0 results", "process.exit"),
    ("ValueError", "certificate of excellence", "tls"),
    ("ValueError", "out of order", "contract"),
    ("ValueError", "fixture list is empty", "fixture"),
    ("ValueError", "json is fine", "json"),
    ("ValueError", "the deadline is next week", "timeout"),
    ("RuntimeError", "the event loop of the game is slow", "event_loop"),
    ("ValueError", "the grpc channel is fine", "grpc"),
    ("OSError", "[Errno 999] strange: '/x'", "filesystem"),
    ("ValueError", "ENOENT is not a number", "filesystem"),
    ("ImportError", "no reason", "import"),
    ("ValueError", "missing required settings: all of them", "env"),
    ("asyncpg.exceptions.InterfaceError", "cannot do that", "database"),
    ("asyncpg.exceptions.PostgresError", "odd", "database"),
    ("AttributeError", "no such thing", "assert"),
]

KNOWN_WRONG = [
    # type, message, desired kind, actual kind
    ("websockets.exceptions.InvalidMessage", "did not receive a valid HTTP response", "connection", "ws.handshake"),
    ("RuntimeError", "the gateway said 503", "http.status", "error"),
    ("RuntimeError", "HTTP 200 rows", "error", "http.status"),
    ("pymongo.errors.ServerSelectionTimeoutError", "127.0.0.1:60551: [Errno 111] Connection refused, Topology: no primary", "database", "connection"),
]  # fmt: skip

PREFIXED = {"worker.crash", "process.oom", "env", "tls", "dns", "connection", "ws.close", "ws.handshake", "http.status", "database", "event_loop", "grpc"}  # fmt: skip


def slots_of(type_: str, message: str, statement: str = "client.call()") -> tuple[str, dict[str, str]]:
    found = sign(failure("", long_text(type_, message, statement=statement)))
    return found.kind, dict(found.slots)


@pytest.mark.parametrize(("type_", "message", "kind", "slots"), HITS)
def test_a_family_is_read_from_the_bare_exception(type_, message, kind, slots):
    assert slots_of(type_, message) == (kind, slots)


@pytest.mark.parametrize(("type_", "message", "kind", "slots"), [row for row in HITS if row[1]])
def test_words_that_follow_change_nothing(type_, message, kind, slots):
    found, said = slots_of(type_, message + "\nSee the log of the run for more.")
    assert (found, {k: v for k, v in said.items() if k in slots}) == (kind, slots)


@pytest.mark.parametrize(
    ("type_", "message", "kind", "slots"),
    [row for row in HITS if row[2] in PREFIXED and row[0] not in {"KeyError", "MemoryError", "httpx.ConnectTimeout"} and "\n" not in row[1]],
)  # fmt: skip
def test_words_of_a_wrapper_before_change_nothing(type_, message, kind, slots):
    if message.startswith(("assert", "429,", "401,", "500:", "502,", "(1011", "(<Close")):
        pytest.skip("leads with a number that only its class explains")
    found, said = slots_of(type_, f"login failed: {message}")
    assert found == kind
    assert {name: said.get(name) for name in slots} == slots


@pytest.mark.parametrize(("type_", "message", "kind"), NEAR_MISSES)
def test_a_near_miss_is_left_to_others(type_, message, kind):
    assert slots_of(type_, message)[0] != kind


@pytest.mark.parametrize(("type_", "message", "desired", "actual"), KNOWN_WRONG)
def test_what_is_known_to_be_wrong_is_still_wrong(type_, message, desired, actual):
    assert desired != actual
    assert slots_of(type_, message)[0] == actual


STATUSES = [
    # statement, what the test says, source above it, status
    ("assert resp.status_code == 200, resp.text", "cart is down, 503 came\nassert False", "", "503"),
    (
        "assert resp.status_code == expected",
        "",
        "resp = <Response [401 Unauthorized]>, expected = 200",
        "401",
    ),
    ("assert resp.status_code == expected", "", "resp = <Response [429]>, expected = 200", "429"),
    ("assert resp.status == 200", "", "resp = <ClientResponse(http://a/b) [500 Boom]>", "500"),
]


@pytest.mark.parametrize(("statement", "message", "shown", "status"), STATUSES)
def test_a_helper_that_asserts_a_status_is_about_the_status_that_came(statement, message, shown, status):
    text = f"{shown}\n\n{long_text('AssertionError', message, statement=statement)}"
    found = sign(failure("", text))
    assert (found.kind, dict(found.slots)["status"]) == ("http.status", status)


def test_a_helper_that_was_shown_two_responses_is_not_guessed_at():
    shown = "one = <Response [401]>\nother = <Response [429]>"
    text = f"{shown}\n\n{long_text('AssertionError', '', statement='assert one.status_code == other')}"
    assert sign(failure("", text)).kind == "assert"


VARIABLES = [
    # statement, values, source above it, name
    ('assert os.getenv("STAGING_API_KEY")', "assert None", "", "STAGING_API_KEY"),
    (
        'assert os.environ.get("STAGING_API_KEY") is not None',
        "assert None is not None",
        "",
        "STAGING_API_KEY",
    ),
    ("assert key", "assert ''", '        key = os.environ.get("STAGING_API_KEY", "")', "STAGING_API_KEY"),
    ("assert key", "assert 'old'", '        key = os.environ.get("STAGING_API_KEY", "")', ""),
    ("assert key", "assert None", '        other = os.environ.get("STAGING_API_KEY", "")', ""),
]


@pytest.mark.parametrize(("statement", "values", "shown", "name"), VARIABLES)
def test_an_assertion_on_a_variable_that_is_not_there_names_it(statement, values, shown, name):
    text = long_text("AssertionError", values, statement=statement).replace(
        "def test_b():\n", f"def test_b():\n{shown}\n"
    )
    assert dict(sign(failure("", text)).slots).get("name", "") == name


WAITS = [
    ("await asyncio.wait_for(ws.recv(), timeout=5)", {"what": "ws.recv"}),
    ("reply = await asyncio.wait_for(self.chat.ws.recv(), 5)", {"what": "ws.recv"}),
    ("await job.done()", {"what": "job.done"}),
    ("async with asyncio.timeout(5):", {"at": "e2e/test_a:test_b"}),
]


@pytest.mark.parametrize(("statement", "slots"), WAITS)
def test_a_timeout_without_words_is_known_by_what_was_awaited(statement, slots):
    assert slots_of("TimeoutError", "", statement) == ("timeout", slots)


def test_every_extractor_has_a_hit():
    deciders = {judge(failure("", long_text(t, m))).extractor for t, m, _kind, _slots in HITS}
    deciders.add(judge(elsewhere(v8("Error: locator.click: Target crashed"))).extractor)
    assert deciders - {"fallback"} == set(EXTRACTORS) - {"breach"}  # which reads what triagebot itself found


@pytest.mark.parametrize(("type_", "message", "kind", "slots"), HITS)
def test_the_span_is_text_that_the_exception_said(type_, message, kind, slots):
    span = judge(failure("", long_text(type_, message))).span
    assert span.lower() in f"{type_}: {message}".lower()


@pytest.mark.parametrize(
    ("text", "kind", "slots"),
    [
        (
            "file /w/tests/test_a.py, line 3\n  def test_a(nope):\nE       fixture 'nope' not found\n>       available fixtures: tmp_path\n>       use 'pytest --fixtures [testpath]' for help on them.\n\n/w/tests/test_a.py:3",
            "fixture",
            {"problem": "not_found", "name": "nope"},
        ),
        (
            "ImportError while importing test module '/w/tests/test_a.py'.\nHint: make sure your test modules/packages have valid Python names.\nTraceback:\ntests/test_a.py:1: in <module>\n    import nothing\nE   ModuleNotFoundError: No module named 'nothing'",
            "import",
            {"module": "nothing"},
        ),
        (
            "tests/test_a.py:1: in <module>\n    import broken\nE     File \"/w/src/broken.py\", line 886\nE       assert f(x))\nE                  ^\nE   SyntaxError: unmatched ')'",
            "syntax",
            {"error": "unmatched ')'", "file": "broken.py"},
        ),
        ("worker 'gw0' crashed while running 'tests/test_a.py::test_b'", "worker.crash", {}),
    ],
)
def test_failures_before_the_test_began(text, kind, slots):
    found = sign(failure("", text, phase="setup"))
    assert (found.kind, dict(found.slots)) == (kind, slots)


ABOUT_AN_ERROR = "assert str(caught.value) == expected"
QUOTED = [
    # statement, message, kind, slots that it has
    (ABOUT_AN_ERROR, "assert 'no such table: threads' == 'all is well'", "database", {"object": "threads"}),
    (ABOUT_AN_ERROR, "assert \"no such table: threads\" == 'all is well'", "database", {"object": "threads"}),
    (ABOUT_AN_ERROR, "assert 'some words' == 'all is well'", "assert", {"call": "value"}),
    (ABOUT_AN_ERROR, "assert 5 == 'all is well'", "assert", {"call": "value"}),
    ("assert found == expected", "assert 'no such table: threads' == 'all is well'", "assert", {}),
    ("assert found == expected", "1 != 2 : no answer within 30s", "timeout", {}),
    ("assert found == expected", "1 != 2", "assert", {}),
]


@pytest.mark.parametrize(("statement", "message", "kind", "slots"), QUOTED)
def test_an_assertion_on_an_error_is_about_that_error_and_one_on_values_is_not(
    statement, message, kind, slots
):
    found, said = slots_of("AssertionError", message, statement)
    assert (found, {name: said.get(name) for name in slots}) == (kind, slots)


@pytest.mark.parametrize(
    ("name", "statement", "kind"),
    [
        ("'DEBUG'", "os.environ['DEBUG']", "env"),
        ("'DEBUG'", "levels['DEBUG']", "error"),
        ("'X-REQUEST'", "os.environ[header]", "error"),
        ("'Debug'", "os.environ['Debug']", "error"),
        ("'SHOP_URL'", "held['SHOP_URL']", "env"),
    ],
)
def test_a_missing_key_is_a_variable_by_who_looked_it_up_or_by_its_shape(name, statement, kind):
    assert slots_of("KeyError", name, statement)[0] == kind
