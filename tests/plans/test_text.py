"""The text of issues, looked at as people read it; goldens lie in tests/data/issues."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.plans.worlds import CONFIG, DAY, MONEY, failure, group, local, run, test_id, triage
from triagebot.drafts.digest import digest
from triagebot.groups.model import Group, Impact, Incident
from triagebot.history import Past
from triagebot.issues import read_marker
from triagebot.plans import plan
from triagebot.plans.render import title, without_counts
from triagebot.signatures.model import Signature
from triagebot.trackers.files import file_text, readable

DATA = Path(__file__).parent.parent / "data" / "issues"
WS = group(tests=list("abcdefg"), hosts=("api.staging.example",))
MARKDOWN = MarkdownIt("commonmark").enable("table")
FOLD = re.compile(r"<details>.*?</details>", re.DOTALL)


def body_of(tested, groups, redact=str, **more):
    drafts = {g.key: digest(g, tested, "no key", redact) for g in groups}
    made = plan(tested, groups, [], Past(), drafts, CONFIG, now=DAY, tracker="local", redact=redact, **more)
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


def test_ten_thousand_failing_tests_fit_and_the_cut_is_seen():
    wide = group(tests=[f"test_with_a_rather_long_name_{n}" for n in range(10_000)])
    body = body_of(run("run-1", [wide]), [wide])
    assert len(body) < 65_536
    assert "All 10000 failing tests" in body
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


def test_everything_passes_the_redactor_marker_included():
    tested = run("run-1", [group(tests=["hunter2"])], revision="hunter2")
    secret = replace(
        group(tests=["hunter2"], title="hunter2 failed"), failures=(failure(test_id("a"), "hunter2"),)
    )
    body = body_of(
        tested,
        [secret],
        redact=lambda text: text.replace("hunter2", "[REDACTED]"),
        explain={secret.key: ["hunter2"]},
    )
    assert "hunter2" not in body
    assert "[REDACTED]" in body


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
    assert title([group(tests=tests)], impact, str) == expected


def test_a_long_title_is_cut_in_the_words_of_the_failure():
    text = title([group(title="word " * 100)], MONEY, str)
    assert len(text) <= 200
    assert text.endswith("…: 2 tests, chat golden path ($120K MRR)")


def test_only_the_number_of_tests_is_left_out_of_a_comparison():
    one, two = (title([group(tests=list(tests))], MONEY, str) for tests in ("a", "abc"))
    assert without_counts(one) == without_counts(two)
    assert without_counts("[P1] x: 7 tests") != without_counts("[P2] x: 7 tests")
