from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from triagebot.issues import (
    Act,
    DraftedWhy,
    Ended,
    Grade,
    Judged,
    Marker,
    Occurrence,
    Quote,
    read_marker,
    write_marker,
)
from triagebot.issues.marker import trimmed
from triagebot.redact import recorded
from triagebot.reports.model import Problem

AT = datetime(2025, 9, 10, 19, 52, tzinfo=UTC)
ROW = Occurrence("run-1", AT, 3, 7, "abc", "backend-00238", "https://ci.example/1", "staging", "main")
MARKER = Marker(
    "ws.close-aaaaaaaaaaaa", 1, runs=("run-1",), occurrences=(ROW,), seen=1, tests=("a::b",), tests_seen=1
)
LINE = write_marker(MARKER)

texts = st.text(max_size=60)
facts = st.none() | texts.map(recorded)
rows = st.builds(
    Occurrence,
    texts,
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    facts,
    facts,
    facts,
)
markers = st.builds(
    Marker,
    texts,
    st.integers(1, 9),
    v=st.just(1),
    aliases=st.lists(texts, max_size=3).map(tuple),
    runs=st.lists(texts, max_size=9).map(tuple),
    labels=st.lists(texts, max_size=4).map(tuple),
    occurrences=st.lists(rows, max_size=5).map(tuple),
    title=texts,
    tests=st.lists(texts, max_size=5).map(tuple),
)


NASTY = replace(
    MARKER,
    title="a -- b --> c <!-- d --- @octocat #12 <br> \\u002d",
    tests=("a\u2028b::c\u2029d", "--", "e\nf"),
    tests_seen=3,
)


@given(markers)
@example(NASTY)
def test_what_is_written_is_read_whatever_stands_in_it(marker):
    read = read_marker(f"text\n{write_marker(marker)}\nmore")
    assert read == replace(marker, tests_seen=len(marker.tests))


@given(markers)
@example(NASTY)
def test_no_content_can_end_the_comment_or_the_line(marker):
    line = write_marker(marker)
    assert not set("\r\n\u2028\u2029") & set(line)
    assert line.count("-->") == 1
    assert line.endswith(" -->")
    assert "--" not in line[4:-3]
    assert not set("@#<") & set(line[1:])


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no marker",
        "<!-- triagebot {} -->",
        "<!-- triagebot {not json} -->",
        '<!-- triagebot {"v":1,"key":5,"algorithm":1} -->',
        '<!-- triagebot {"v":1,"key":"k","algorithm":"one"} -->',
        f"text before {LINE}",
        f"{LINE} text after",
        LINE.replace("<!-- ", "<!--"),
        LINE.replace("<!--", "<!\u200b--"),
    ],
    ids=[
        "empty",
        "none",
        "no fields",
        "no JSON",
        "number",
        "word",
        "before",
        "after",
        "no space",
        "disarmed",
    ],
)
def test_what_is_not_a_well_formed_line_is_no_marker(body):
    assert read_marker(body) is None


def test_several_well_formed_markers_are_a_problem():
    problem = read_marker(f"{LINE}\ntext\n{LINE}")
    assert isinstance(problem, Problem)
    assert problem.reason.startswith("2 markers")


def test_a_forged_malformed_marker_beside_the_real_one_is_ignored():
    assert read_marker(f"<!-- triagebot {{forged}} -->\n{LINE}") == MARKER


def test_a_marker_of_a_newer_version_is_a_problem():
    problem = read_marker(LINE.replace('"v":1', '"v":2'))
    assert isinstance(problem, Problem)
    assert "upgrade" in problem.reason


def test_fields_that_this_version_does_not_know_are_no_obstacle():
    assert read_marker(LINE.replace('"v":1', '"v":1,"later":[1]')) == MARKER


def test_line_ends_of_githubs_editor_change_nothing():
    assert read_marker(f"text\r\n{LINE}\r\nmore\r\n") == MARKER


def test_lists_keep_their_newest_and_tests_their_number():
    many = replace(
        MARKER,
        runs=tuple(f"run-{n}" for n in range(80)),
        occurrences=tuple(replace(ROW, run=f"run-{n}", at=AT + timedelta(days=n)) for n in range(80)),
        tests=tuple(f"tests/test_{n}.py::test" for n in range(10_000)),
    )
    line = write_marker(many)
    read = read_marker(line)
    assert len(line) <= 24_000
    assert read.runs == many.runs[-50:]
    assert read.occurrences[-1] == many.occurrences[-1]
    assert read.tests == many.tests[: len(read.tests)]
    assert read.tests_seen == 10_000


def test_a_marker_of_enormous_texts_still_fits():
    long = tuple(f"{n}" + "x" * 3_000 for n in range(60))
    marker = replace(
        MARKER,
        runs=long,
        clean_runs=long,
        tests=long,
        variants=long,
        occurrences=(replace(ROW, run=long[0]),) * 50,
    )
    assert len(write_marker(marker)) <= 24_000


@pytest.mark.parametrize("where", ["closed_commit", "closed_revision"])
def test_facts_that_somebody_wrote_into_a_marker_are_plain(where):
    read = read_marker(write_marker(replace(MARKER, **{where: "a\x1b[31mb\nc"})))
    assert read == replace(MARKER, **{where: recorded("a\x1b[31mb\nc")})
    assert "\x1b" not in getattr(read, where)


@pytest.mark.parametrize("where", ["commit", "revision", "url", "environment", "branch"])
def test_facts_that_somebody_wrote_into_a_row_are_plain(where):
    row = replace(ROW, **{where: "a\x1b[31mb\nc"})
    [read] = read_marker(write_marker(replace(MARKER, occurrences=(row,)))).occurrences
    assert read == replace(ROW, **{where: recorded("a\x1b[31mb\nc")})


@pytest.mark.parametrize("name", ["tests", "parts", "variants"])
@pytest.mark.parametrize(("longest", "kept"), [(4_991, 2), (4_992, 1), (9_000, 1)])
def test_a_list_holds_what_fits_into_its_room_and_nothing_after_what_does_not(name, longest, kept):
    given = ("one", "x" * longest, "y")
    assert getattr(trimmed(replace(MARKER, **{name: given})), name) == given[:kept]


def test_one_text_as_long_as_the_room_allows_is_kept():
    assert [len(trimmed(replace(MARKER, tests=("x" * n,))).tests) for n in (4_997, 4_998)] == [1, 0]


def test_where_a_marker_does_not_fit_old_rows_leave_a_quarter_at_a_time_and_then_the_rest():
    rows = tuple(replace(ROW, run=f"run-{n}" + "x" * 900) for n in range(50))
    kept = read_marker(write_marker(replace(MARKER, occurrences=rows))).occurrences
    left = len(rows)
    while left > len(kept):
        left -= left // 4 + 1
    assert (left, kept) == (len(kept), rows[-len(kept) :])
    big = tuple(f"{n}" + "x" * 900 for n in range(20))
    marker = replace(
        MARKER, runs=big, clean_runs=big, tests=big, parts=big, variants=big, occurrences=rows[:1]
    )
    less = read_marker(write_marker(marker))
    gone = len(big) - len(less.runs)
    assert gone > 0
    assert (less.runs, less.clean_runs, less.variants) == (
        big[gone:],
        big[gone:],
        trimmed(marker).variants[gone:],
    )
    assert less.tests == less.parts == trimmed(marker).tests[: len(trimmed(marker).tests) >> gone]
    assert less.occurrences == rows[:1]
    assert less.tests_seen == len(big)


def said_much(sign):
    """A marker in which every text that people or a model may write is as long as it may be, of one sign."""
    long = sign * 300
    acts = tuple(
        Act("edit", "a" * 39, AT, "123456:abcdefgh", 10**9, (str(n),), sign * 200) for n in range(29)
    )
    judged = tuple(Judged("edit", f"{n}{long}", "a" * 39, AT, 10**9, long, "secondary") for n in range(12))
    quotes = (Quote(sign * 200, sign * 120, "https://ci.example/" + "x" * 200),) * 2
    whys = tuple(DraftedWhy(f"D{n}", long, "secondary", "hypothesis", quotes) for n in range(10))
    graded = Grade(
        AT, "five_whys 1", recorded("c" * 40), "yes", (long[:60],) * 5, (("D1", "never looked at"),) * 10
    )
    return replace(
        MARKER,
        acts=acts,
        kept=judged,
        ruled_out=judged,
        last=judged[:3],
        whys=whys,
        ended=(Ended(AT, "five_whys 1", "edited"),) * 20,
        grades=(graded,) * 5,
        heard=tuple(f"{10**9 + n}:abcdefgh" for n in range(60)),
        once=("f" * 64,) * 20,
        occurrences=(ROW,) * 50,
    )  # fmt: skip


@pytest.mark.parametrize("sign", ["a", "é", "\U0001f600"])
def test_people_who_said_as_much_as_they_may_leave_a_marker_that_fits(sign):
    line = write_marker(said_much(sign))
    assert len(line) <= 24_000
    kept = read_marker(line)
    assert kept.acts == said_much(sign).acts
    assert kept.heard == said_much(sign).heard


def test_quotes_leave_before_anything_that_stands_nowhere_else():
    quotes = (Quote("x" * 200, "backend.log:45"),) * 2
    whys = tuple(DraftedWhy(str(n), "why " * 20, "", "supported", quotes) for n in range(10))
    full = replace(
        MARKER,
        whys=whys,
        occurrences=(ROW,) * 50,
        tests=tuple(f"t::{n:0>95}" for n in range(90)),
        runs=tuple(f"{n:0>40}" for n in range(50)),
    )
    kept = read_marker(write_marker(replace(full, variants=tuple(f"{n:0>160}" for n in range(20)))))
    assert not any(why.quotes for why in kept.whys)
    assert len(kept.occurrences) > 1
    assert [why.text for why in kept.whys] == [why.text for why in whys]
