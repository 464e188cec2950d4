"""Pairs that look like one cause and are not: none may join. A pair with the same looks and no contradiction beside them does."""

import pytest

from tests.causes.seen import GREEN, LOUD, OFFLINE, Seen, causes_of, together

HTTP = "requests.exceptions.HTTPError: {} for url: https://{}.example/a"
DOWN, BAD_GATEWAY, GATEWAY_TIMEOUT = "503 Server Error: Service Unavailable", "502 Server Error: Bad Gateway", "504 Server Error: Gateway Timeout"  # fmt: skip
CLOSED = "websockets.exceptions.ConnectionClosedError: {}"
EXIT = "subprocess.CalledProcessError: Command '{}' returned non-zero exit status {}."
AWS = "botocore.exceptions.ClientError: An error occurred ({}) when calling the {} operation: no"
READ = "app/{}.py:9: in {}\n    os.environ['X']\n<frozen os>:7: in __getitem__\n    ???\n"
RPC = "grpc.aio._call.AioRpcError: <AioRpcError of RPC that terminated with: status = StatusCode.{} details = 'late'>"


def twice(one: str, other: str, printed: str = OFFLINE, frames: tuple[str, str] = ("", "")) -> list[Seen]:
    """Two failing tests of each error, so that a line of theirs is beyond chance beside twelve that passed."""
    return [
        Seen(f"test_{name}{number}", error, printed, frames=frame)
        for name, error, frame in (("a", one, frames[0]), ("b", other, frames[1]))
        for number in (1, 2)
    ]


CONTRADICTING = {
    "two statuses, overload and quota": ("AssertionError: got status code 503", "AssertionError: got status code 429"),
    "two statuses, server's and client's": ("AssertionError: got status code 500", "AssertionError: got status code 404"),
    "two statuses of gateways": (HTTP.format(BAD_GATEWAY, "api"), HTTP.format(GATEWAY_TIMEOUT, "api")),
    "two statuses of one host": (HTTP.format(DOWN, "api"), HTTP.format("401 Client Error: Unauthorized", "api")),
    "two hosts": (HTTP.format(DOWN, "orders"), HTTP.format(DOWN, "users")),
    "two hosts, one that answers and one that refuses": (
        HTTP.format(DOWN, "orders"), "redis.exceptions.ConnectionError: Error 111 connecting to redis:6379. Connection refused.",
    ),
    "two close codes": (
        CLOSED.format("received 1011 (internal error); then sent 1011 (internal error)"),
        CLOSED.format("received 1012 (service restart); then sent 1012 (service restart)"),
    ),
    "sent and received": (
        CLOSED.format("received 1011 (internal error); then sent 1011 (internal error)"),
        CLOSED.format("sent 1011 (internal error); no close frame received"),
    ),
    "a close code and none": (
        CLOSED.format("received 1011 (internal error); then sent 1011 (internal error)"), CLOSED.format("no close frame received or sent"),
    ),
    "two exit codes": (EXIT.format("worker", 137), EXIT.format("worker", 1)),
    "two commands": (EXIT.format("worker", 137), EXIT.format("loader", 137)),
    "a signal and an exit code": (EXIT.format("worker", 1), "subprocess.CalledProcessError: Command 'worker' died with <Signals.SIGSEGV: 11>."),
    "two errors of the database": (
        "psycopg2.errors.DeadlockDetected: deadlock detected", 'psycopg2.errors.UndefinedTable: relation "users" does not exist',
    ),
    "two tables": (
        'psycopg2.errors.UndefinedTable: relation "orders" does not exist', 'psycopg2.errors.UndefinedTable: relation "users" does not exist',
    ),
    "two statuses of gRPC": (RPC.format("UNAVAILABLE"), RPC.format("DEADLINE_EXCEEDED")),
    "refused and reset": ("ConnectionRefusedError: [Errno 111] Connection refused", "ConnectionResetError: [Errno 104] Connection reset by peer"),
    "two peers that refuse": (
        "redis.exceptions.ConnectionError: Error 111 connecting to redis:6379. Connection refused.",
        "redis.exceptions.ConnectionError: Error 111 connecting to cache:6379. Connection refused.",
    ),
    "two modules": ("ModuleNotFoundError: No module named 'alpha'", "ModuleNotFoundError: No module named 'beta'"),
    "two fixtures": ("fixture 'client' not found", "fixture 'server' not found"),
    "two files": ("FileNotFoundError: [Errno 2] No such file or directory: '/d/a.json'", "FileNotFoundError: [Errno 2] No such file or directory: '/d/b.json'"),
    "no file and no right": ("FileNotFoundError: [Errno 2] No such file or directory: '/d/a.json'", "PermissionError: [Errno 13] Permission denied: '/d/a.json'"),
    "a full disk and no right": ("OSError: [Errno 28] No space left on device", "PermissionError: [Errno 13] Permission denied: '/d/a.json'"),
    "two refusals of a cloud": (AWS.format("AccessDenied", "GetObject"), AWS.format("NoSuchKey", "GetObject")),
    "two operations of a cloud": (AWS.format("AccessDenied", "GetObject"), AWS.format("AccessDenied", "PutObject")),
    "two fields that are required": (
        "jsonschema.exceptions.ValidationError: 'id' is a required property", "jsonschema.exceptions.ValidationError: 'name' is a required property",
    ),
}  # fmt: skip
RAISED = {
    "two functions raise two errors": ("ValueError: bad state", "KeyError: 'speed'"),
    "two functions raise the same error": ("ValueError: bad state", "ValueError: bad state"),
    "two functions raise what they were told": (
        "RuntimeError: order 7 is unknown",
        "RuntimeError: user 8 is unknown",
    ),
}
TWO_FUNCTIONS = (LOUD.format("store", "save"), LOUD.format("pump", "speed"))
KEY, OTHER = "KeyError: 'speed'", "KeyError: 'depth'"
AS_EVER = "app:load app:close"

PAIRS: dict[str, list[Seen]] = {
    **{f"one line behind {name}": [*twice(*pair), *GREEN] for name, pair in CONTRADICTING.items()},
    **{f"one line behind what {name}": [*twice(*pair, frames=TWO_FUNCTIONS), *GREEN] for name, pair in RAISED.items()},
    "one line behind two variables that two functions read": [
        *twice("KeyError: 'API_TOKEN'", "KeyError: 'DB_URL'", frames=(READ.format("a", "one"), READ.format("b", "two"))), *GREEN,
    ],
    # What follows from failing: it stands in no passing test, for none of these failed.
    "a fixture reports the device while it takes down": [
        *(Seen(s.name, s.error, "asked", teardown=OFFLINE) for s in twice(KEY, OTHER)), *GREEN,
    ],
    "a fixture saves a screenshot of what failed": [*twice(KEY, OTHER, "test failed, screenshot saved to /tmp/a.png"), *GREEN],
    "a hook says that the test failed": [*twice(KEY, OTHER, "ERROR: the test has failed, state is dumped"), *GREEN],
    "a hook tells the outcome": [*twice(KEY, OTHER, "outcome of test: FAILED, exception was raised"), *GREEN],
    "a helper says that an assertion failed": [*twice(KEY, OTHER, "assertion failed: see the report"), *GREEN],
    "a helper keeps the trace of failed tests": [*twice(KEY, OTHER, "failure: trace and video are kept"), *GREEN],
    "every test that failed prints it, whatever failed": [
        *twice(KEY, OTHER), Seen("test_c", "AssertionError: got status code 503", OFFLINE), Seen("test_d", "AssertionError: got status code 404", OFFLINE), *GREEN,
    ],
    "a runner's summary": [*twice(KEY, OTHER, "FAILED tests/test_a.py::test_x - because it failed"), *GREEN],
    "no error, in words of one": [*twice(KEY, OTHER, "checked the device: 0 errors, 0 failures"), *GREEN],
    # Chance.
    "no passing test": twice(KEY, OTHER),
    "one passing test": [*twice(KEY, OTHER), *GREEN[:1]],
    "two passing tests": [*twice(KEY, OTHER), *GREEN[:2]],
    "one passing test, and twelve that failed": [
        *[Seen(f"test_a{n}", KEY, OFFLINE) for n in range(6)], *[Seen(f"test_b{n}", OTHER, OFFLINE) for n in range(6)], *GREEN[:1],
    ],
    "one test of each, and twelve that passed": [Seen("test_a1", KEY, OFFLINE), Seen("test_b1", OTHER, OFFLINE), *GREEN],
    # Passing tests show it, too, or cannot show anything.
    "a passing test prints it": [*twice(KEY, OTHER), Seen("test_ok", printed=OFFLINE), *GREEN],
    "a passing test prints it with another id": [
        *twice(KEY, OTHER, "device 3f2a91c07bd84e11 is offline"), Seen("test_ok", printed="device 9b1d77aa02c34f5e is offline"), *GREEN,
    ],
    "a passing test prints it at another time": [
        *twice(KEY, OTHER, "2026-09-10 10:00:01 device is offline"), Seen("test_ok", printed="2026-09-10 11:30:59 device is offline"), *GREEN,
    ],
    "nothing was recorded of those that passed": [*twice(KEY, OTHER), *(Seen(s.name, printed="") for s in GREEN)],
    "little of one group prints it": [
        *twice(KEY, OTHER), *[Seen(f"test_b{n}", OTHER, "asked for nothing") for n in range(3, 7)], *GREEN,
    ],
    "chatter that says nothing of an error": [*twice(KEY, OTHER, "opened the connection to pump-7"), *GREEN],
    "a number that is no status": [*twice(KEY, OTHER, "wrote 503 rows to the archive"), *GREEN],
    # Cascades: what joins both of them to a third puts no two together that contradict each other.
    "two statuses and one sign between them": [
        Seen("test_a1", "AssertionError: got status code 503", OFFLINE), Seen("test_a2", "AssertionError: got status code 503", OFFLINE),
        *[Seen(f"test_c{n}", KEY, f"{OFFLINE}\nthe broker is unreachable") for n in range(3)],
        Seen("test_b1", "AssertionError: got status code 429", "the broker is unreachable"), Seen("test_b2", "AssertionError: got status code 429", "the broker is unreachable"),
        *GREEN,
    ],
    "two hosts and a status without one": [
        Seen("test_a1", HTTP.format(DOWN, "orders")), Seen("test_b1", HTTP.format(DOWN, "users")), Seen("test_c", "AssertionError: got status code 503"),
    ],
    "two sides and a close code without one": [
        Seen("test_a1", CLOSED.format("received 1011 (internal error); then sent 1011 (internal error)")),
        Seen("test_b1", CLOSED.format("sent 1011 (internal error); no close frame received")),
        Seen("test_c", "AssertionError: connection closed with 1011"),
    ],
    "one place in the middle": [
        Seen("test_a1", "AssertionError: got status code 503", "", "app:load app:load>app:end", "app:load app:load>app:check"),
        Seen("test_c", KEY, "", "app:load app:load>app:fail", "app:load app:load>app:check"),
        Seen("test_b1", "AssertionError: got status code 429", "", "app:load app:load>app:end", "app:load app:load>app:check"),
    ],
    "a login that failed, and what has no session after it": [
        *twice("AssertionError: got status code 401", "AssertionError: got status code 403", "login was refused"), *GREEN,
    ],
    # Paths.
    "two places": [
        Seen("test_a1", KEY, "", "app:load app:load>app:end", "app:load app:load>app:check"),
        Seen("test_b1", OTHER, "", "app:save app:save>app:end", "app:save app:save>app:check"),
    ],
    "one place and two functions that raise": [
        Seen("test_a1", "ValueError: bad state", "", "app:load app:load>app:end", "app:load app:load>app:check", TWO_FUNCTIONS[0]),
        Seen("test_b1", KEY, "", "app:load app:load>app:end", "app:load app:load>app:check", TWO_FUNCTIONS[1]),
    ],
    "no green run of one of them": [
        Seen("test_a1", KEY, "", "app:load app:load>app:end", "app:load app:load>app:check"), Seen("test_b1", OTHER, "", "app:load app:load>app:end"),
    ],
    "no functions were recorded": [Seen("test_a1", KEY), Seen("test_b1", OTHER)],
    "both ran as ever and end as passing tests do": [
        Seen("test_a1", KEY, "", AS_EVER, AS_EVER), Seen("test_b1", OTHER, "", AS_EVER.replace("load", "save"), AS_EVER.replace("load", "save")),
        Seen("test_ok", "", "", AS_EVER, AS_EVER),
    ],
    "a place of half of the tests": [
        Seen("test_a1", KEY, "", "app:load app:load>app:end", "app:load app:load>app:check"),
        Seen("test_b1", OTHER, "", "app:load app:load>app:end", "app:load app:load>app:check"),
        Seen("test_b2", OTHER, "", "app:save app:save>app:end", "app:save app:save>app:check"),
    ],
    # Several of one kind.
    "two tables only": [
        Seen("test_a1", 'psycopg2.errors.UndefinedTable: relation "users" does not exist'), Seen("test_b1", 'psycopg2.errors.UndefinedTable: relation "orders" does not exist'),
    ],
    "two modules only": [Seen("test_a1", "ModuleNotFoundError: No module named 'alpha'"), Seen("test_b1", "ModuleNotFoundError: No module named 'beta'")],
    "two fixtures only": [Seen("test_a1", "fixture 'client' not found"), Seen("test_b1", "fixture 'server' not found")],
    "three variables that three functions read": [
        Seen(f"test_{name}1", f"KeyError: '{variable}'", frames=READ.format(name, name))
        for name, variable in (("a", "API_TOKEN"), ("b", "DB_URL"), ("c", "CACHE_URL"))
    ],
    "three files that are not there": [
        Seen(f"test_{name}1", f"FileNotFoundError: [Errno 2] No such file or directory: '/d/{name}.json'") for name in "abc"
    ],
}  # fmt: skip


def test_there_are_sixty() -> None:
    assert len(PAIRS) >= 60


@pytest.mark.parametrize("name", PAIRS)
def test_these_never_join(name: str) -> None:
    found = together(PAIRS[name])
    assert not [names for names in found if {"test_a1", "test_b1"} <= names]
    assert sum("test_a1" in names or "test_b1" in names for names in found) == 2


@pytest.mark.parametrize(
    "tests", [[*twice(KEY, OTHER), *GREEN], [*twice("AssertionError: got status code 503", OTHER), *GREEN]]
)
def test_what_contradicts_nothing_joins_by_the_same_line(tests: list[Seen]) -> None:
    assert {join.rule for cause in causes_of(tests) for join in cause.joins} == {"item"}
