"""What each test did, from whatever its report and the logs beside it tell."""

from datetime import UTC, datetime, timedelta

import pytest

from triagebot.redact import Fact
from triagebot.reports.model import Attempt, Call, Case, Contact, Failure, Run, Section, Totals, Trace
from triagebot.steps import LogText, Step, green_paths, paths, with_values
from triagebot.steps.contacts import template
from triagebot.steps.records import masked_record

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def case(
    name: str = "t.test_a", *sections: Section, outcome="passed", text="", message="", trace=None, leg=""
) -> Case:
    red = outcome in ("failed", "error")
    failures = (Failure(name, name, "call", message, text, (), sections),) if red else ()
    return Case(name, name, outcome, (Attempt(outcome, failures, 1.0, sections),), leg=leg, trace=trace)


def run(*cases: Case, **more) -> Run:
    return Run(Fact("r1"), ("pytest-json",), cases, Totals(len(cases)), "failed", started=NOON, **more)


def traced(second: int = 0, seconds: float = 5, **more) -> Trace:
    start = NOON + timedelta(seconds=second)
    return Trace(start, start + timedelta(seconds=seconds), **more)


def texts(steps: tuple[Step, ...]) -> list[str]:
    return [step.text for step in steps]


def test_a_trace_gives_fixtures_functions_and_contacts_in_their_order() -> None:
    trace = traced(
        calls=(Call("app:run", "", "app.py:3"), Call("app:send", "app:run", "app.py:9")),
        contacts=(Contact("GET", "api-7d9f8b6c5d-x2x4z.example", "/orders/17/items?x=1", "503"),),
        fixtures=("client", "db"),
    )
    path = paths(run(case(trace=trace)))["t.test_a"]
    assert texts(path.of("fixture")) == ["client", "db"]
    assert path.of("function")[1] == Step("function", "app:send", "app:run", "app.py:9", "app:send")
    assert texts(path.of("contact")) == ["GET api.example /orders/{id}/items 503"]
    assert path.of("contact")[0].quote == "GET api-7d9f8b6c5d-x2x4z.example/orders/17/items?x=1 ▶ 503"
    assert set(path.absent) == {"log", "output", "value"}


def test_the_role_of_a_host_takes_the_place_of_its_name() -> None:
    trace = traced(contacts=(Contact("connect", "api.staging.example"),))
    path = paths(run(case(trace=trace)), hosts={"api.staging.example": "api"})["t.test_a"]
    assert texts(path.steps) == ["connect api"]


@pytest.mark.parametrize(
    ("host", "text"),
    [
        ("127.0.0.1:45793", "GET localhost"),
        ("127.0.0.1:8000", "GET localhost:8000"),
        ("10.0.3.7:5432", "GET <ip>:5432"),
        ("api.example", "GET api.example"),
        ("", "GET"),
    ],
)
def test_a_host_reads_the_same_whatever_port_the_kernel_chose(host: str, text: str) -> None:
    trace = traced(contacts=(Contact("GET", host),))
    assert texts(paths(run(case(trace=trace)))["t.test_a"].steps) == [text]


def test_without_a_trace_what_only_it_could_tell_is_absent() -> None:
    path = paths(run(case()))["t.test_a"]
    assert path.steps == ()
    assert set(path.absent) == {"function", "contact", "fixture", "log", "output", "value"}


def test_what_a_trace_could_not_record_is_absent() -> None:
    trace = traced(fixtures=("db",), absent=("function",))
    assert "function" in paths(run(case(trace=trace)))["t.test_a"].absent
    assert "contact" not in paths(run(case(trace=trace)))["t.test_a"].absent


def test_output_that_the_report_leaves_out_for_passing_tests_is_absent_for_them_only() -> None:
    printed = Section("Captured stdout call", "device 17 offline\n")
    found = paths(
        run(case("t.red", printed, outcome="failed"), case("t.silent", outcome="failed"), case("t.green"))
    )
    assert "output" not in found["t.red"].absent
    assert "output" not in found["t.silent"].absent
    assert "output" in found["t.green"].absent


@pytest.mark.parametrize(
    ("line", "text", "place"),
    [
        (
            "ERROR    app.rt:realtime.py:41 device d-17 offline",
            "ERROR app.rt device d-<int> offline",
            "realtime.py:41",
        ),
        ("2026-03-01T12:00:01.5Z ERROR device d-17 offline", "ERROR device d-<int> offline", ""),
        ("[12:00:01] ERROR device d-17 offline", "ERROR device d-<int> offline", ""),
        ("HTTP 503 from api", "HTTP 503 from api", ""),
    ],
)
def test_records_read_the_same_wherever_and_whenever_they_are_written(
    line: str, text: str, place: str
) -> None:
    assert masked_record(line) == (text, place)


def test_a_record_that_comes_often_is_one_step_with_its_count() -> None:
    printed = Section("Captured stdout call", "retry 1\nretry 2\nretry 3\nlost\n")
    steps = paths(run(case("t.a", printed, outcome="failed")))["t.a"].of("output")
    assert [(step.text, step.count, step.place) for step in steps] == [
        ("retry <int>", 3, "Captured stdout call:1"),
        ("lost", 1, "Captured stdout call:4"),
    ]


def test_a_log_file_counts_for_the_tests_in_whose_window_its_records_lie() -> None:
    log = LogText(
        "service.log",
        "\n".join(
            f"2026-03-01T12:00:{second:02}.2Z second {word}"
            for second, word in ((1, "one"), (7, "two"), (40, "three"))
        ),
    )
    found = paths(
        run(
            case("t.a", trace=traced(0)),
            case("t.b", trace=traced(5)),
            case("t.both", trace=traced(0, 20)),
            case("t.unknown"),
        ),
        [log],
    )
    assert texts(found["t.a"].of("log")) == ["second one"]
    assert texts(found["t.b"].of("log")) == ["second two"]
    assert texts(found["t.both"].of("log")) == ["second one", "second two"]
    assert found["t.a"].of("log")[0].place == "service.log:1"
    assert "log" in found["t.unknown"].absent
    assert "log" not in found["t.a"].absent


def test_a_log_of_whole_seconds_counts_from_the_second_in_which_a_test_starts() -> None:
    trace = Trace(NOON + timedelta(seconds=1.7), NOON + timedelta(seconds=3))
    log = LogText(
        "s.log",
        "2026-03-01T12:00:00Z early\n2026-03-01T12:00:01Z same\n2026-03-01T12:00:01.2Z before\n2026-03-01T12:00:03Z late",
    )
    assert texts(paths(run(case("t.a", trace=trace)), [log])["t.a"].of("log")) == ["same"]


def test_logs_of_passing_runs_are_no_steps_of_this_run() -> None:
    log = LogText("s.log", "2026-03-01T12:00:01Z green", passing=True)
    path = paths(run(case("t.a", trace=traced())), [log])["t.a"]
    assert path.of("log") == () and "log" in path.absent


FAILED = """
    def test_state():
>       assert client.get("/d/17").json() == {"state": "online"}
E       AssertionError: assert {'code': 'D-7', 'id': 17, 'state': 'offline'} == {'state': 'online'}
E
E         Differing items:
E         {'state': 'offline'} != {'state': 'online'}
E        +  where 503 = <Response [503 Service Unavailable]>.status_code
"""


def test_values_of_an_assertion_are_its_lines_the_members_of_objects_and_texts_in_quotes() -> None:
    red = run(case("t.a", outcome="failed", text=FAILED))
    path = paths(red)["t.a"]
    assert path.of("value") == () and "value" in path.absent, "they cost much, and no passing test shows any"
    found = texts(with_values(path, red).of("value"))
    assert {"state=offline", "id=<int>", "code=D-7", "offline"} <= set(found)
    assert any("503" in text for text in found)
    assert len(found) == len(set(found))


def test_of_several_legs_the_path_is_that_of_the_first_that_failed() -> None:
    cases = (
        case("t.a", trace=traced(fixtures=("one",)), leg="1"),
        case("t.a", outcome="failed", trace=traced(fixtures=("two",)), leg="2"),
    )
    assert texts(paths(run(*cases))["t.a"].of("fixture")) == ["two"]


def test_only_tests_that_passed_everywhere_at_the_first_attempt_are_green() -> None:
    again = Case("t.again", "t.again", "passed", (Attempt("failed"), Attempt("passed")))
    cases = (
        case("t.green"),
        case("t.red", outcome="failed"),
        case("t.half", leg="1"),
        case("t.half", outcome="failed", leg="2"),
        again,
        case("t.skipped", outcome="skipped"),
        case("t.x (namesake 1)"),
    )
    assert set(green_paths(run(*cases))) == {"t.green"}
    assert not green_paths(run(*cases, doubted=True))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/orders/17", "/orders/{id}"),
        ("/v1/orders/123e4567-e89b-12d3-a456-426614174000/lines", "/v1/orders/{id}/lines"),
        ("/users/cus_Nf4k2Lm9Qx7/cards", "/users/{id}/cards"),
        ("/health?x=1", "/health"),
        ("/api/v2/oauth2/token", "/api/v2/oauth2/token"),
        ("", ""),
    ],
)
def test_a_template_keeps_what_names_a_kind_of_thing(path: str, expected: str) -> None:
    assert template(path) == expected
