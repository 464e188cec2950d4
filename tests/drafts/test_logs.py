"""Log lines: their time, their order over several files, what they say without the accidents of a moment."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.steps.log_timeline import (
    MAX_MORE,
    contrast,
    distinct,
    entries_of,
    merge,
    missed,
    shifted,
    silence,
    template,
    templates,
)
from triagebot.steps.log_timestamps import says_offset, stamp
from triagebot.steps.model import LogText

AT = datetime(2025, 9, 10, 19, 52, 0, tzinfo=UTC)
DAY = date(2025, 9, 10)

TIMES = {
    "ISO with Z": ("2025-09-10T19:52:00Z started", AT),
    "ISO with a space": ("2025-09-10 19:52:00 started", AT),
    "milliseconds after a comma": ("2025-09-10 19:52:00,250 x", AT.replace(microsecond=250000)),
    "nanoseconds": ("2025-09-10T19:52:00.123456789Z x", AT.replace(microsecond=123456)),
    "an offset": ("2025-09-10T21:52:00+02:00 x", AT),
    "an offset without a colon": ("2025-09-10T14:22:00-0530 x", AT),
    "slashes": ("2025/09/10 19:52:00 [error] x", AT),
    "common log format": ('10.0.0.1 - - [10/Sep/2025:19:52:00 +0000] "GET /"', AT),
    "an epoch in JSON": ('{"ts": 1757533920.5, "msg": "x"}', AT.replace(microsecond=500000)),
    "milliseconds since the epoch": ('{"time": 1757533920250}', AT.replace(microsecond=250000)),
    "klog": ("I0910 19:52:00.000001 1 main.go:1] x", AT.replace(microsecond=1)),
    "syslog": ("Sep 10 19:52:00 host app: x", AT),
    "the time alone": ("19:52:00 INFO x", AT),
    "the time in brackets": ("[19:52:00.500] x", AT.replace(microsecond=500000)),
    "a leap second": ("2025-09-10T19:52:60Z x", AT.replace(second=59)),
    "no time": ("started in 19.52 s", None),
    "a thirteenth month": ("2025-13-10T19:52:00Z", None),
    "a month of no name": ("[10/Xxx/2025:19:52:00 +0000]", None),
    "a long number": ("id 20250910195200", None),
    "an offset that no place has": ("2025-09-10T19:52:00+99:99 x", None),
    "a time that is too far right": (" " * 300 + "2025-09-10T19:52:00Z", None),
    "the first year, east of Greenwich": ("0001-01-01T00:00:00+05:00", None),
}


@pytest.mark.parametrize(("line", "at"), TIMES.values(), ids=TIMES)
def test_the_time_of_a_line(line: str, at: datetime | None) -> None:
    assert stamp(line, DAY) == at


@given(st.text())
def test_no_line_breaks_the_reading_of_times(line: str) -> None:
    assert stamp(line, DAY) is None or stamp(line, DAY).tzinfo is UTC
    assert says_offset(line) in (True, False)
    assert isinstance(template(line), str)


def test_files_are_merged_by_time_and_tracebacks_stay_whole() -> None:
    api = "2025-09-10T19:52:00Z one\n2025-09-10T19:52:02Z three\nTraceback:\n  KeyError\n"
    auth = "2025-09-10 19:52:01 two\n2025-09-10 19:52:03 four\n"
    found = merge([LogText("b/api.log", api), LogText("a/auth.log", auth)])
    assert [entry.text.split()[-1] for entry in found] == ["one", "two", "three", "four"]
    assert found[2].more == ("Traceback:", "  KeyError")
    assert [entry.where for entry in found[:2]] == ["b/api.log:1", "a/auth.log:1"]
    assert [entry.guessed for entry in found[:2]] == [False, True]


def test_what_hangs_below_a_line_is_cut_where_it_never_ends() -> None:
    below = "\n".join(f"  more {n}" for n in range(MAX_MORE + 5))
    (entry,) = entries_of(LogText("x", f"2025-09-10T19:52:00Z one\n{below}"))
    assert entry.more == tuple(f"  more {n}" for n in range(MAX_MORE))


def test_lines_before_the_first_time_have_the_first_time() -> None:
    found = entries_of(LogText("x", "  a heading\n  more\n2025-09-10T19:52:00Z one"))
    assert [(entry.text.strip(), entry.at, len(entry.more)) for entry in found] == [
        ("a heading", AT, 1),
        ("2025-09-10T19:52:00Z one", AT, 0),
    ]


def test_lines_of_a_file_without_times_stand_alone_and_come_last() -> None:
    found = merge([LogText("a", "no time\nnone here"), LogText("b", "2025-09-10T19:52:00Z x")])
    assert [(entry.name, entry.at is None) for entry in found] == [("b", False), ("a", True), ("a", True)]


logs = st.lists(
    st.builds(
        LogText,
        st.sampled_from(["a.log", "b.log", "c.log"]),
        st.lists(
            st.sampled_from(["2025-09-10T19:52:01Z x", "2025-09-10T19:52:00Z y", "  more", "19:52:00 z", ""])
        ).map("\n".join),
    ),
    max_size=3,
    unique_by=lambda log: log.name,
)


@given(logs, st.randoms())
def test_the_order_of_reading_does_not_matter(held: list[LogText], random: object) -> None:
    shuffled = list(held)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    found = merge(held, DAY)
    assert merge(shuffled, DAY) == found
    times = [entry.at for entry in found if entry.at]
    assert times == sorted(times)
    lines = sum(1 + len(entry.more) for entry in found)
    assert lines == sum(bool(line.strip()) for log in held for line in log.text.splitlines())


SAME = {
    "times": ("2025-09-10T19:52:00Z ready", "2025-09-11T03:00:01.5Z ready"),
    "ids": ("run 78a750ad0ab84033b80c1c04a1d41c25 done", "run 2a4164a6eeca46c4ae37ce7549755acf done"),
    "uuids": ("id=7f0c9d3a-1111-2222-3333-444455556666", "id=00000000-1111-2222-3333-444455550000"),
    "ports": ("127.0.0.1:54218 open", "127.0.0.1:33582 open"),
    "durations": ("took 12.5 ms", "took 9 ms"),
    "pids": ("Started server process [7381]", "Started server process [9]"),
}
OTHER = {
    "statuses": ("GET /x status=200", "GET /x status=503"),
    "statuses after the protocol": ('"GET /x HTTP/1.1" 200', '"GET /x HTTP/1.1" 500'),
    "close codes": ("disconnected code=1000", "disconnected code=1011"),
    "exit codes": ("exit code 0", "exit code 137"),
    "words": ("pool ready", "pool exhausted"),
}


@pytest.mark.parametrize(("one", "two"), SAME.values(), ids=SAME)
def test_the_accidents_of_a_moment_are_masked(one: str, two: str) -> None:
    assert template(one) == template(two)


@pytest.mark.parametrize(("one", "two"), OTHER.values(), ids=OTHER)
def test_what_a_line_says_is_kept(one: str, two: str) -> None:
    assert template(one) != template(two)


def test_what_passing_runs_log_too_is_dropped() -> None:
    here = entries_of(LogText("x", "took 3 ms\nERROR pool exhausted\ntook 9 ms"))
    kept = contrast(here, templates([LogText("y", "took 77 ms\nWARN slow")]))
    assert [entry.text for entry in kept] == ["ERROR pool exhausted"]


def test_a_known_first_line_with_another_traceback_below_is_kept() -> None:
    form = "2025-09-10T19:52:00Z ERROR chat failed\n  {}"
    here = entries_of(LogText("x", form.format("KeyError: A")))
    assert contrast(here, templates([LogText("y", form.format("KeyError: A"))])) == ()
    assert len(contrast(here, templates([LogText("y", form.format("ValueError: B"))]))) == 1


def record(**held: object) -> str:
    return json.dumps({"ts": "2025-09-10T19:52:00Z", "level": "ERROR", "event": "chat_failed", **held})


def test_a_json_record_is_spelled_out_and_its_traceback_hangs_below() -> None:
    trace = (
        'Traceback (most recent call last):\n  File "/x/site-packages/lib.py", line 1, in f\n    call()\n'
        '  File "/srv/app.py", line 9, in g\n    environ["TOKEN"]\nKeyError: \'TOKEN\''
    )
    (entry,) = entries_of(LogText("x", record(user="ada", tries=2, exception=trace)))
    assert entry.text == "2025-09-10T19:52:00Z ERROR chat_failed user=ada tries=2"
    assert entry.more == (
        "Traceback (most recent call last):",
        "  [… 1 frames of installed packages elided]",
        '  File "/srv/app.py", line 9, in g',
        '    environ["TOKEN"]',
        "KeyError: 'TOKEN'",
    )


@pytest.mark.parametrize(
    "line", ["{", "{}", '{"a": }', "[1]", '{"msg": {"deep": [1]}}', '{"a": 1e999}', "{" * 2000]
)
def test_strange_json_is_still_a_line(line: str) -> None:
    assert len(entries_of(LogText("x", line))) == 1


def test_records_of_one_kind_are_counted_and_shown_once() -> None:
    text = "\n".join(record(user=user) for user in ("ada", "grace", "linus"))
    ((first, count, last),) = distinct(entries_of(LogText("x", text)))
    assert (first.number, count, last.number) == (1, 3, 3)


def test_what_passing_runs_log_and_this_one_does_not() -> None:
    here = entries_of(LogText("x", "ready\ndisconnected code=1011"))
    green = entries_of(LogText("y", "ready\ndisconnected code=1000\ndisconnected code=1000"))
    assert [(first.text, count) for first, count in missed(here, green)] == [("disconnected code=1000", 2)]


def test_a_count_that_is_always_the_same_in_what_passed_and_differs_here() -> None:
    here = entries_of(LogText("x", "done run=a1b2 events=12\ndone run=c3 events=12"))
    green = entries_of(LogText("y", "done run=d4 events=15\n" * 3))
    ((entry, field, usual, now),) = shifted(here, green)
    assert (entry.number, field, usual, now) == (1, "events", "15", "12")
    assert shifted(here, green[:2]) == (), "two are no rule"
    assert shifted(green, green) == ()


def test_the_longest_silence() -> None:
    text = "2025-09-10T19:52:00Z a\n2025-09-10T19:52:01Z b\n2025-09-10T19:52:09Z c\n"
    found = silence(entries_of(LogText("x", text)))
    assert found is not None
    assert (found[0].text[-1], found[1].text[-1], found[2]) == ("b", "c", 8.0)
    assert silence(entries_of(LogText("x", "no time"))) is None
