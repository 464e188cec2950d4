"""The text of issues, looked at as people read it; goldens lie in tests/data/issues."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.plans.worlds import CONFIG, DAY, MONEY, failure, group, local, plan, run, test_id, triage
from triagebot.drafts.digest import digest
from triagebot.groups.model import Group, Impact, Incident
from triagebot.history import Past
from triagebot.issues import Issue, Marker, Occurrence, read_marker
from triagebot.plans.lifecycle import Countdown
from triagebot.plans.render import (
    comment,
    occurrences,
    recovery_comment,
    regression_comment,
    title,
    variant_comment,
    without_counts,
)
from triagebot.plans.render.comments import once_of
from triagebot.signatures.model import Signature
from triagebot.trackers.markdown_export import file_text, readable

DATA = Path(__file__).parent.parent / "data" / "issues"
WS = group(tests=list("abcdefg"), hosts=("api.staging.example",))
MARKDOWN = MarkdownIt("commonmark").enable("table")
FOLD = re.compile(r"<details>.*?</details>", re.DOTALL)


def body_of(tested, groups, **more):
    drafts = {g.key: digest(g, tested, "no key") for g in groups}
    made = plan(tested, groups, [], Past(), drafts, CONFIG, now=DAY, tracker="local", **more)
    return made.changes[0].section


def story(tmp_path):
    """An issue with a past: opened, seen again on a later commit, one clean run."""
    tracker = local(tmp_path)
    passed = ["p1", "http_health"]
    for number, sha in enumerate(["deadbeef" * 5, "feedbeef" * 5]):
        tested = run(f"run-{number}", [WS], passed, day=number, commit=sha, revision=f"backend-0023{number}")
        triage(tracker, tested, [WS])
    triage(tracker, run("run-2", (), list("abcdefg"), day=2))
    return tracker.read(1)


def test_an_issue_reads_as_the_golden_says(tmp_path, golden):
    golden(DATA / "known.md", file_text(story(tmp_path)))


def test_an_incident_reads_as_the_golden_says(tmp_path, golden):
    groups = [group(f"timeout-{n:012d}", [f"t{n}"], title=f"Timeout of step {n}") for n in range(30)]
    tracker = local(tmp_path)
    storm = Incident("incident-aaaaaaaaaaaa", tuple(g.key for g in groups), "Storm")
    triage(tracker, run("run-1", groups), groups, incidents=[storm])
    golden(DATA / "incident.md", file_text(tracker.read(1)))


def test_sixty_lines_at_most_before_the_folds(tmp_path):
    text = FOLD.sub("", readable(story(tmp_path).body))
    assert len([line for line in text.splitlines() if line.strip()]) <= 60


def test_the_order_is_sentence_impact_draft_occurrences_grouping(tmp_path):
    text = readable(story(tmp_path).body)
    marks = [
        "tests failed with",
        "### Impact",
        "### What is known",
        "### What is not known",
        "### Occurrences",
        "How these failures were grouped",
        "Written by triagebot",
    ]
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (["test_a.py"], "1 file of tests failed to be collected with"),
        (["test_a.py", "test_b.py"], "2 files of tests failed to be collected with"),
    ],
)
def test_what_fails_to_be_collected_is_counted_in_files(files, words):
    broken = group(tests=files)
    broken = replace(broken, failures=tuple(replace(f, phase="collect") for f in broken.failures))
    assert words in body_of(run("run-1", [broken]), [broken])


def test_ten_thousand_failing_tests_fit_and_the_cut_is_seen():
    wide = group(tests=[f"test_with_a_rather_long_name_{n}" for n in range(10_000)])
    body = body_of(run("run-1", [wide]), [wide])
    assert len(body) < 65_536
    assert "10000 failing tests, cut in the middle" in body
    assert re.search(r"\[… [\d,]+ lines elided\]", body)
    assert "test_with_a_rather_long_name_9999" in body
    assert read_marker(body).tests_seen == 10_000


def test_a_failure_of_enormous_texts_fits():
    huge = replace(failure(test_id("a"), "x" * 200_000), text="y" * 300_000 + "\n" * 5_000 + "z" * 300_000)
    wide = replace(group(tests=["a"]), failures=(huge,))
    tested = run("r" * 300, [wide], commit="c" * 40, revision="v" * 5_000)
    assert len(body_of(tested, [wide], explain={wide.key: ["e" * 9_000] * 200})) < 65_536


def test_a_body_that_people_filled_gets_less_of_ours(tmp_path):
    tracker = local(tmp_path)
    wide = group(tests=[f"test_with_a_rather_long_name_{n}" for n in range(3_000)])
    triage(tracker, run("run-1", [wide]), [wide])
    from triagebot.trackers import Edit

    before = len(tracker.read(1).body)
    tracker.update(1, Edit(body=tracker.read(1).body + "\n" + "w" * (60_000 - before)))
    (outcome,) = triage(tracker, run("run-2", [wide], day=1), [wide])
    assert (outcome.status, len(tracker.read(1).body) < 60_000) == ("applied", True)


hostile = st.sampled_from(
    ["@octocat", "fixes #12", "closes org/repo#3", "https://evil.example/x", "![i](https://evil.example/i.png)",
     "<!-- triagebot:end -->", '<!-- triagebot {"v":1,"key":"forged","algorithm":1} -->', "</details>", "```",
     "| a | b |", "<img src=x>", "\u202eevil", "\x00", "<!-- triagebot:part draft -->", "GH-12", "$(id)", "`", "\r\n"]
)  # fmt: skip
nasty = st.lists(hostile | st.text(max_size=12), min_size=1, max_size=6).map("\n".join)


@settings(max_examples=60, deadline=None)
@given(nasty, nasty, nasty, nasty)
def test_nothing_from_outside_pings_links_forges_or_escapes(message, name, branch, words):
    bad = replace(failure(f"t.py::{name}", message), text=message)
    signature = Signature("k-aaaaaaaaaaaa", "k", (("slot", words),), words, hosts=(words,))
    impact = Impact("P1", (words,), (words,), (words,), (words,), MONEY.risks)
    one = Group(signature, (bad,), (bad.test,), (), impact)
    tested = replace(run("run-1", [one], ["p"], revision=branch, commit="c" * 40), branch=branch)
    body = body_of(tested, [one], explain={one.key: [message]})
    _marker, rest = body.split("\n", 1)
    assert read_marker(body).key == "k-aaaaaaaaaaaa"
    assert rest.count("<!-- triagebot:end -->") == 1
    assert rest.count("<!-- triagebot:part draft -->") == 1
    texts, html, live = rendered(rest)
    assert not live
    assert not re.search(r"@[a-z]|#\d|GH-\d|https://", texts)
    tags = re.findall(r"</?[a-z]+>", html)
    assert set(tags) <= {
        "<details>",
        "</details>",
        "<summary>",
        "</summary>",
        "<span>",
        "</span>",
        "<code>",
        "</code>",
    }
    assert tags.count("<details>") == tags.count("</details>")
    assert re.sub(r"<!-- triagebot:(begin|end|part [a-z]+) -->|</?[a-z]+>|[^<>]", "", html) == ""


def rendered(text):
    """What a reader's eye, GitHub's HTML filter and its linker get: text, raw HTML, links and images."""
    tokens = [child for token in MARKDOWN.parse(text) for child in (token, *(token.children or ()))]
    texts = "\n".join(token.content for token in tokens if token.type == "text")
    html = "\n".join(token.content for token in tokens if token.type in {"html_block", "html_inline"})
    return texts, html, [token for token in tokens if token.type in {"link_open", "image"}]


@pytest.mark.parametrize(
    ("impact", "tests", "expected"),
    [
        (
            MONEY,
            ["a"] * 7,
            "[P1] WebSocket closed by the server with 1011 (internal error): 1 test, chat golden path ($120K MRR)",
        ),
        (
            Impact("P2", ("checkout",)),
            ["a", "b"],
            "[P2] WebSocket closed by the server with 1011 (internal error): 2 tests, checkout",
        ),
        (Impact(), ["a", "b"], "[P3] WebSocket closed by the server with 1011 (internal error): 2 tests"),
    ],
)
def test_the_title_says_priority_failure_breadth_and_stake(impact, tests, expected):
    assert title([group(tests=tests)], impact) == expected


def test_a_long_title_is_cut_in_the_words_of_the_failure():
    text = title([group(title="word " * 100)], MONEY)
    assert len(text) <= 200
    assert text.endswith("…: 2 tests, chat golden path ($120K MRR)")


def test_only_the_number_of_tests_is_left_out_of_a_comparison():
    one, two = (title([group(tests=list(tests))], MONEY) for tests in ("a", "abc"))
    assert without_counts(one) == without_counts(two)
    assert without_counts("[P1] x: 7 tests") != without_counts("[P2] x: 7 tests")


ONCE = "0f" * 32


@pytest.mark.parametrize(
    ("body", "once"),
    [
        (comment(ONCE, "text"), ONCE),
        (comment(ONCE, "text").replace("\n", "\r\n"), ONCE),
        (f"  {comment(ONCE, '')}", ONCE),
        ("text", None),
        ("", None),
        (f"text\n{comment(ONCE, '')}", None),
        (f"{comment(ONCE, '')[:-1]} more", None),
        (comment(ONCE[1:], "short"), None),
    ],
    ids=["ours", "line ends", "indented", "none", "empty", "quoted below", "more on the line", "short"],
)
def test_the_once_key_of_a_comment_stands_alone_on_its_first_line(body, once):
    assert once_of(body) == once


def row(number, **changes):
    return replace(Occurrence(f"run-{number}", DAY + timedelta(days=number), 2, 3), **changes)


ROWS = tuple(row(number) for number in range(20))
SEEN = Marker("k-1", 1, occurrences=ROWS, seen=20, ran=25, clean=1, first=DAY)
OCCURRENCES = {
    "in some runs": (SEEN, Countdown(1, 5), "It occurred in 20 of 24 runs of its tests (83 %) up to"),
    "in every run": (
        replace(SEEN, ran=21),
        Countdown(1, 5),
        "It occurred in 20 of 20 runs of its tests up to",
    ),
    "in one run": (
        replace(SEEN, seen=1, ran=1, clean=0),
        Countdown(0, 5),
        "It occurred in 1 of 1 run of its",
    ),
    "when first": (SEEN, Countdown(1, 5), "First seen 2025-09-10 19:52 UTC."),
    "first not known": (replace(SEEN, first=None), Countdown(1, 5), "First seen unknown UTC."),
    "late failures": (
        replace(SEEN, stragglers=2),
        Countdown(1, 5),
        "Since it was closed: 2 on a commit or revision without the fix, which reopens nothing.",
    ),
    "counting down": (SEEN, Countdown(1, 5), "**Closing:** 1 of 5 clean runs in a row."),
    "only a person": (SEEN, Countdown(1, None, "too rare"), "**Closing:** too rare."),
    "closed after one": (
        replace(SEEN, closed_by_bot=True),
        Countdown(1, 5),
        "**Closed** after 1 clean run in a row.",
    ),
    "closed after more": (
        replace(SEEN, closed_by_bot=True),
        Countdown(3, 3),
        "**Closed** after 3 clean runs in a row.",
    ),
}


@pytest.mark.parametrize(("marker", "countdown", "said"), OCCURRENCES.values(), ids=OCCURRENCES)
def test_the_occurrences_say(marker, countdown, said):
    assert said in occurrences(marker, countdown)


def test_nothing_is_said_of_late_failures_where_there_were_none():
    assert "Since it was closed" not in occurrences(SEEN, Countdown(1, 5))


@pytest.mark.parametrize(
    ("number", "older", "fold", "last"),
    [(8, 42, "", 0), (9, 42, "1 earlier", 0), (20, 42, "12 earlier", 0), (20, 4, "4 earlier", 8)],
)
def test_eight_rows_are_seen_newest_first_and_the_others_are_folded(number, older, fold, last):
    text = occurrences(replace(SEEN, occurrences=ROWS[:number]), Countdown(1, 5), older)
    seen = re.findall(r"run-(\d+)", FOLD.sub("", text))
    assert seen == [str(n) for n in range(number - 1, number - 9, -1)]
    assert ("earlier" in text) == bool(fold)
    assert fold in text
    assert min(map(int, re.findall(r"run-(\d+)", text))) == last


RUN_IDS = {
    "short, no address": (row(1), "`run-1`"),
    "short, an address": (row(1, url="https://ci.example/1"), "[run-1](https://ci.example/1)"),
    "as long as fits": (row(1, run="x" * 24), f"`{'x' * 24}`"),
    "longer": (row(1, run="x" * 25), f"`{'x' * 12}…`"),
    "a long commit": (row(1, commit="c" * 40), f"`{'c' * 12}`"),
}


@pytest.mark.parametrize(("shown", "said"), RUN_IDS.values(), ids=RUN_IDS)
def test_a_row_names_its_run_in_short(shown, said):
    assert said in occurrences(replace(SEEN, occurrences=(shown,)), Countdown(1, 5))


CLOSED = Issue(3, "t", "", "closed", (), "bot", closed_at=DAY, closed_commit="c5" * 20)
TESTED = run("run-9", [WS], day=9, commit="c9" * 20)
CAME_BACK = {
    "when": (CLOSED, TESTED, "It was closed on 2025-09-10 19:52 UTC.", True),
    "when is not known": (replace(CLOSED, closed_at=None), TESTED, "It was closed", False),
    "with the fix": (
        CLOSED,
        TESTED,
        f"The tested commit contains `{'c5' * 6}`, which closed this issue.",
        True,
    ),
    "the fix is not known": (
        replace(CLOSED, closed_commit=None),
        TESTED,
        "The tested commit contains",
        False,
    ),
    "the commit is not known": (CLOSED, replace(TESTED, commit=None), "The tested commit contains", False),
    "where": (CLOSED, TESTED, f"environment staging, branch main, commit `{'c9' * 6}`", True),
    "on which commit is not known": (CLOSED, replace(TESTED, commit=None), ", commit", False),
    "a run without a date": (CLOSED, replace(TESTED, started=None), "in a run without a date", True),
    "how many tests": (CLOSED, TESTED, "**It came back:** 7 tests failed this way in the run of 2025", True),
}


@pytest.mark.parametrize(("issue", "tested", "said", "is_said"), CAME_BACK.values(), ids=CAME_BACK)
def test_a_comment_of_a_regression_says(issue, tested, said, is_said):
    assert (said in regression_comment([WS], issue, tested)) is is_said


def test_one_test_is_not_called_tests():
    one = group(tests=["a"])
    assert "1 test failed this way" in regression_comment([one], CLOSED, TESTED)
    marker = replace(SEEN, tests_seen=1)
    assert "**Closed on proof:** its test ran and passed in 1 run," in recovery_comment(marker, TESTED)
    assert "all 7 tests ran and passed" in recovery_comment(replace(SEEN, tests_seen=7), TESTED)
    assert "it failed in 20 of 24 runs" in recovery_comment(SEEN, TESTED)


@pytest.mark.parametrize(("number", "more"), [(1, ""), (5, ""), (6, "And 1 more."), (9, "And 4 more.")])
def test_five_new_wordings_are_quoted_and_the_others_counted(number, more):
    text = variant_comment([f"wording {n}" for n in range(number)], TESTED)
    assert text.count("`wording ") == min(number, 5)
    assert ("more." in text) == bool(more)
    assert more in text
