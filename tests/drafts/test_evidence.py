"""The catalogue: all kinds, numbered the same in any order, redacted, cut visibly, with what is absent."""

import base64
import json
import random
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.drafts.runs import FILE, START, failure, green, group, past, red, run
from triagebot.config import Config, Drafts
from triagebot.drafts.evidence import collect, problem
from triagebot.drafts.evidence_budget import size, trim
from triagebot.drafts.history_evidence import bounds
from triagebot.drafts.model import Catalogue, Changes, Commit, Earlier, Hunk, Item, Line, Setting
from triagebot.drafts.prompt import build, nonce_of
from triagebot.drafts.prompts import load
from triagebot.drafts.sanitizing import disarm
from triagebot.drafts.service_logs import run_logs
from triagebot.groups.model import Suspect
from triagebot.history.model import Before, Past, PastRun, Result
from triagebot.redact import Fact, Redactor
from triagebot.reports.model import Section
from triagebot.signatures.model import Signature
from triagebot.steps.model import LogText

LOG = """\
2025-03-04T09:00:10Z INFO ready
2025-03-04T09:00:12Z ERROR chat failed
Traceback (most recent call last):
  File "/srv/chat/handler.py", line 41, in converse
KeyError: 'AGENT_SERVICE_TOKEN'
2025-03-04T15:00:00Z INFO another day's work
"""
CHANGES = Changes(
    good="1" * 40,
    bad="c" * 40,
    commits=(Commit("c" * 40, START - timedelta(hours=2), "chat: read the token from the environment"),),
    hunks=(
        Hunk(
            "chat/handler.py",
            "@@ -39,2 +40,3 @@ def converse",
            (" context", '+    environ["AGENT_SERVICE_TOKEN"]'),
        ),
        Hunk("docs/readme.md", "@@ -1 +1 @@", ("-old words", "+new words")),
    ),
)


def made(**held: object) -> Catalogue:
    failing = failure(sections=(Section("Captured log call", "ready\nlost the connection"),))
    cases = (
        red(failing),
        green("test_health", Section("Captured log call", "ready")),
        green("test_other", file="x.py"),
    )
    values = {
        "logs": [
            LogText("logs/chat.log", LOG),
            LogText("green/chat.log", "2025-03-03T09:00:10Z INFO ready", passing=True),
        ],
        "changes": CHANGES,
        "past": past("passed", "failed"),
        "settings": [Setting("AGENT_SERVICE_TOKEN", "missing", "deployment")],
        "earlier": [Earlier(7, "the same in March", "rejected", "the proxy closed idle connections")],
        "config": Config(),
        "redactor": Redactor(),
        "run": run(*cases, revision="backend-09"),
        "group": group(failing),
        **held,
    }
    texts = [replace(log, text=values["redactor"].text(log.text)) for log in values["logs"]]
    return collect(**{**values, "logs": run_logs(values["run"], texts)})


def lines(catalogue: Catalogue, kind: str) -> list[str]:
    return [line.text for item in catalogue.items if item.kind == kind for line in item.lines]


def test_all_kinds_are_there() -> None:
    kinds = {item.kind for item in made().items}
    assert kinds == {
        "message", "chain", "contrast", "stats", "authenticity", "gap", "change", "config", "test_log",
        "service_log", "history", "timeline",
    }  # fmt: skip


def test_ids_count_from_one_and_do_not_move_with_the_order_of_reading() -> None:
    catalogue = made()
    assert [item.id for item in catalogue.items] == [f"E{n}" for n in range(1, len(catalogue.items) + 1)]
    logs = [LogText("b.log", LOG), LogText("a.log", LOG), LogText("green", "x", passing=True)]
    earlier = [Earlier(9, "x", "open"), Earlier(7, "y", "accepted", "z")]
    first = made(logs=logs, earlier=earlier)
    for seed in range(5):
        random.Random(seed).shuffle(logs)
        random.Random(seed).shuffle(earlier)
        assert made(logs=logs, earlier=earlier) == first


FACTS = {
    "the message": ("message", "ConnectionClosedError: received 1011 (internal error)"),
    "own frames": ("chain", "    def test_reply(chat):"),
    "where installed packages raised": ("chain", ">       raise self.close_exc"),
    "a test of the same file passed": ("contrast", f"passed in the same file: {FILE}::test_health (0.20 s)"),
    "how many passed": ("contrast", "2 of the 3 tests that ran passed in the same run"),
    "the last pass": ("contrast", "1 of the 1 failing tests last passed at 2025-03-02T09:00:00Z (commit 000000000000, revision backend-00)"),
    "what passing runs alone log": ("service_log", "[chat.log] 2025-03-04T09:00:12Z ERROR chat failed"),
    "its traceback": ("service_log", "    KeyError: 'AGENT_SERVICE_TOKEN'"),
    "what the test alone logs": ("test_log", "lost the connection"),
    "the rate": ("stats", "this signature was seen in 1 of 2 earlier runs of the same scope"),
    "the share": ("stats", "1 of the 3 tests that ran failed with this signature"),
    "a commit": ("change", "commit cccccccccccc 2025-03-04T07:00:00Z chat: read the token from the environment"),
    "a hunk that touches the evidence": ("change", '+    environ["AGENT_SERVICE_TOKEN"]'),
    "the revision": ("config", "deployed revision of this run: backend-09"),
    "a setting by its name": ("config", "AGENT_SERVICE_TOKEN is missing in deployment"),
    "a duration": ("authenticity", f"duration of failing test {FILE}::test_reply (1.50 s)"),
    "a verdict": ("history", "cause that maintainers rejected: the proxy closed idle connections"),
    "the order": ("timeline", "2025-03-04T09:00:00Z this run started, the first one of revision backend-09"),
    "hunks left out": ("gap", "1 of 2 changed hunks touch nothing that the evidence names and are left out"),
}  # fmt: skip


AGAIN = Past(
    runs=(PastRun("r0", START - timedelta(days=2)), PastRun("r1", START - timedelta(days=1))),
    results={failure().join: (Result("r0", "passed", rerun=True), Result("r1", "passed"))},
)
GREEN_LOG = LogText(
    "green/chat.log", "2025-03-03T09:00:00Z INFO ready\n2025-03-03T09:00:01Z INFO over", passing=True
)
SILENT = LogText("chat.log", "2025-03-04 09:00:00 INFO up\n2025-03-04 09:00:40 ERROR gone")
SEVERAL = [failure(f"test_{n}") for n in range(7)]
SOMETIMES = {
    "what history has counted": (
        {
            "past": replace(
                AGAIN, before={"ws.close-aaaaaaaaaaaa": Before(date(2024, 1, 2), date(2024, 3, 4), 7)}
            )
        },
        "stats",
        "before the days that history keeps it was seen in 7 runs, from 2024-01-02 to 2024-03-04",
    ),
    "a rerun in the past": (
        {"past": AGAIN},
        "stats",
        "in 1 earlier runs one of these tests failed first and passed when it was run again",
    ),
    "a silence": (
        {"logs": [SILENT, GREEN_LOG]},
        "contrast",
        "in this run no service logged anything for 40.0 s",
    ),
    "the silence of what passed": (
        {"logs": [SILENT, GREEN_LOG]},
        "contrast",
        "in passing runs the longest silence is 1.0 s",
    ),
    "more tests than are named": (
        {"group": group(*SEVERAL), "run": run(*map(red, SEVERAL))},
        "stats",
        "failed with this signature: 2 more tests",
    ),
    "failed at every attempt": (
        {"run": run(red(failure(), attempts=3))},
        "stats",
        f"failed in all 3 attempts: {FILE}::test_reply",
    ),
    "the end of the run": ({}, "timeline", "2025-03-04T09:01:00Z this run ended"),
    "a variable of which nothing is known": (
        {"settings": [], "group": group(failure(message="KeyError: 'AGENT_SERVICE_TOKEN'"))},
        "config",
        "AGENT_SERVICE_TOKEN is named in the failure; whether it is set is not known",
    ),
}


@pytest.mark.parametrize(("held", "kind", "text"), SOMETIMES.values(), ids=SOMETIMES)
def test_a_fact_that_is_there_at_times_is_told_then(held: dict[str, object], kind: str, text: str) -> None:
    assert text in lines(made(**held), kind)
    assert text == "2025-03-04T09:01:00Z this run ended" or text not in lines(made(), kind)


NOT_KNOWN = {
    "durations": (
        {"run": run(red(failure(), seconds=None), duration_s=None)},
        "authenticity",
    ),
    "what was tested": (
        {
            "run": run(red(failure()), environment=None, branch=None, commit=None),
            "settings": [],
            "logs": [],
            "changes": None,
            "group": group(failure(text="", message="boom")),
        },
        "config",
    ),
    "when anything happened": (
        {
            "run": run(red(failure()), started=None, duration_s=None),
            "logs": [],
            "changes": None,
            "past": Past(),
        },
        "timeline",
    ),
}


@pytest.mark.parametrize(("held", "kind"), NOT_KNOWN.values(), ids=NOT_KNOWN)
def test_of_what_is_not_known_there_is_no_item(held: dict[str, object], kind: str) -> None:
    assert kind not in {item.kind for item in made(**held).items}


def test_a_run_without_a_length_has_a_start_and_no_end() -> None:
    told = lines(made(run=run(red(failure()), duration_s=None)), "timeline")
    assert any("this run started" in text for text in told)
    assert not any("this run ended" in text for text in told)


def test_no_gap_where_every_change_touches_the_evidence() -> None:
    told = lines(made(changes=replace(CHANGES, hunks=CHANGES.hunks[:1])), "gap")
    assert not any("changed hunks" in text for text in told)


def test_times_that_were_guessed_are_said_to_be() -> None:
    (log,) = [item for item in made(logs=[SILENT, GREEN_LOG]).items if item.kind == "service_log"]
    assert "times without an offset taken as UTC" in log.title
    (log,) = [item for item in made().items if item.kind == "service_log"]
    assert "taken as UTC" not in log.title


def test_of_a_list_of_facts_the_first_are_kept_when_there_is_no_room() -> None:
    facts = tuple(Line(number, "a fact of many words " * 10) for number in range(1, 21))
    found = [Item("E1", "stats", "s", "t", facts, 20)]
    (kept,) = trim(found, frozenset(), 2_000)
    assert [line.number for line in kept.lines] == list(range(1, len(kept.lines) + 1))
    assert 4 <= len(kept.lines) < 20
    (log,) = trim([replace(found[0], kind="test_log")], frozenset(), 2_000)
    assert log.lines[0].number == 1
    assert log.lines[-1].number == 20


@pytest.mark.parametrize(("kind", "text"), FACTS.values(), ids=FACTS)
def test_a_fact_is_in_the_catalogue(kind: str, text: str) -> None:
    assert text in lines(made(), kind)


def test_what_says_nothing_is_not_in_it() -> None:
    everything = "\n".join(line.text for item in made().items for line in item.lines)
    for text in ("as the manual says", "another day's work", "new words"):
        assert text not in everything


def test_the_share_that_passing_runs_log_too_is_reported() -> None:
    catalogue = made()
    assert catalogue.contrasted == (4, 1)
    assert (
        "Of 4 log records, 1 (25 %)" in build(catalogue, "p", load(), nonce_of(catalogue, "p")).turns[0].text
    )


INSIDE = replace(group(failure()), signature=Signature("assert-a", "assert", (), "Assertion failed"))
GAPS = {
    "no service log": ({"logs": []}, "no log of chat.staging.example for the time of this run was given; its inside was not seen"),
    "nothing but what passing runs log": ({"logs": [LogText("chat.log", "2025-03-04T09:00:10Z INFO ready"), LogText("green/chat.log", "2025-03-03T09:00:10Z INFO ready", passing=True)], "group": INSIDE}, "the service logs that were given hold nothing for this run that passing runs do not log"),
    "no history": ({"past": Past()}, "there is no history of this scope: no earlier run to compare with, no rate, no last pass"),
    "nobody looked at changes": ({"changes": None}, "nobody looked at what changed: no last good commit is known, or no clone was given"),
    "changes unreadable": ({"changes": Changes(problem="no commit 123 in this clone")}, "what changed could not be read: no commit 123 in this clone"),
    "nothing changed": ({"changes": Changes("a", "b")}, "there is no commit between the last good run and this one in this repository"),
    "no output": ({"group": group(failure())}, "the report holds no captured output of the failing test beyond what passing tests print"),
    "no traceback": ({"group": group(failure(text=""))}, "the report holds no traceback of the failing test"),
    "no version": ({"run": run(red(failure()), commit=None)}, "nothing says which commit or revision was tested"),
    "no clock": ({"run": run(red(failure()), started=None)}, "the report does not say when the run started, so that no other log can be lined up with it"),
    "nothing passed": ({"run": run(red(failure()))}, "nothing passed in this run, so that there is nothing to compare with in it"),
}  # fmt: skip


@pytest.mark.parametrize(("held", "sentence"), GAPS.values(), ids=GAPS)
def test_what_is_absent_is_an_item(held: dict[str, object], sentence: str) -> None:
    assert sentence in lines(made(**held), "gap")


def test_a_failure_across_a_connection_without_the_service_s_log_is_blind() -> None:
    assert made(logs=[]).blind == ("chat.staging.example",)
    assert made().blind == ()
    local = group(failure(), hosts=())
    assert made(logs=[], group=local).blind == ("the service",)


def test_no_sentence_of_code_states_a_cause() -> None:
    """What is not copied from outside is counted, dated or quoted; words of causation are nobody's but a model's."""
    catalogue = made()
    ours = [
        text
        for kind in ("contrast", "stats", "authenticity", "gap", "config", "timeline")
        for text in lines(catalogue, kind)
    ]
    for text in ours:
        assert not any(word in text for word in ("because", "caused", "due to", "root cause", "therefore")), (
            text
        )


def test_the_problem_is_one_sentence_with_numbers() -> None:
    failing = failure()
    held = problem(group(failing), run(red(failing), green("a"), revision="backend-09"), Redactor())
    assert held == (
        "1 test of 2 that ran on staging (revision backend-09) failed: "
        "WebSocket closed by the server with 1011 (internal error)"
    )


BOUNDS = {
    "not run in between": (("passed", "", "failed"), ("0" * 40, "2" * 40)),
    "not run since": (("passed", ""), ("0" * 40, "c" * 40)),
    "passed, then failed": (("passed", "failed"), ("0" * 40, "1" * 40)),
    "passed yesterday": (("failed", "passed"), ("1" * 40, "c" * 40)),
    "skipped in between": (("passed", "skipped", "failed"), ("0" * 40, "2" * 40)),
    "never passed": (("failed", "failed"), (None, "0" * 40)),
    "no history": ((), (None, "c" * 40)),
}


@pytest.mark.parametrize(("outcomes", "expected"), BOUNDS.values(), ids=BOUNDS)
def test_the_last_good_and_the_first_bad_commit(
    outcomes: tuple[str, ...], expected: tuple[str | None, str]
) -> None:
    failing = failure()
    assert bounds(group(failing), run(red(failing)), past(*outcomes)) == expected


KEY = "sk-ant-api03-" + "Zx9" * 30
ENV = "correct-horse-battery-staple-1"
PLANTED = {
    "an Anthropic key": KEY,
    "a GitHub token": "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8",
    "a value of a secret variable": ENV,
    "its base64": base64.b64encode(ENV.encode()).decode(),
    "its URL form": quote(ENV + "&=", safe=""),
    "split by a zero-width space": KEY[:20] + "\u200b" + KEY[20:],
    "coloured": KEY[:20] + "\x1b[31m" + KEY[20:],
}


@pytest.mark.parametrize("secret", PLANTED.values(), ids=PLANTED)
def test_no_secret_reaches_the_prompt_wherever_it_stands(secret: str) -> None:
    redactor = Redactor({"DEPLOY_TOKEN": ENV, "OTHER_TOKEN": ENV + "&="})
    failing = failure(
        message=f"refused {secret}",
        text=TEXT_WITH.format(secret=secret),
        sections=(Section("Captured log call", f"sent {secret}"),),
    )
    commit = Commit("c" * 40, START, f"add {secret}")
    catalogue = made(
        group=group(failing),
        logs=[
            LogText(
                "chat.log",
                f"2025-03-04T09:00:12Z ERROR {secret}\n" + json.dumps({"msg": secret, "x": "a\n" + secret}),
            )
        ],
        changes=Changes("a", "b", (commit,), (Hunk("a/handler.py", "@@ -1 +1 @@", (f"+handler {secret}",)),)),
        earlier=[Earlier(7, f"x {secret}", "accepted", secret)],
        redactor=redactor,
    )
    text = (
        build(catalogue, problem(group(failing), run(red(failing)), redactor), load(), "abcdef0123")
        .turns[0]
        .text
    )
    for form in (secret, ENV, KEY, base64.b64encode(ENV.encode()).decode()):
        assert form not in text
    assert catalogue.receipts
    assert sum(count for _, count in catalogue.receipts) >= 1


TEXT_WITH = "    def test_reply(chat):\n>       connect('{secret}')\nE       Refused: {secret}\ntests/e2e/test_chat.py:12: Refused"

HIDDEN = {
    "zero width": ("a\u200bb", "ab"),
    "bidi": ("a\u202eb\u2066c", "abc"),
    "tag characters": ("a\U000e0041b", "ab"),
    "control": ("a\x00b\x07c", "abc"),
    "colours": ("\x1b[31mred\x1b[0m", "red"),
    "a lone surrogate": ("a\ud800b", "ab"),
    "variation selectors": ("a\ufe0fb", "ab"),
    "tabs": ("a\tb", "a    b"),
    "carriage returns": ("a\r\nb", "a\nb"),
    "our closing tag": ('</evidence nonce="x">', '[/evidence nonce="x">'),
    "our tag with spaces": ("< / evidence >", "[/evidence >"),
    "our tag in full width": ("＜evidence＞", "[evidence＞"),
    "our tag split by a hidden character": ("</evi\u200bdence>", "[/evidence>"),
    "a tag of somebody else": ("<evidences> <div>", "<evidences> <div>"),
}


@pytest.mark.parametrize(("text", "plain"), HIDDEN.values(), ids=HIDDEN)
def test_what_is_hidden_or_looks_like_our_tags_is_disarmed(text: str, plain: str) -> None:
    assert disarm(text) == plain


def test_a_long_catalogue_is_cut_to_size_and_says_so() -> None:
    noise = "\n".join(
        f"2025-03-04T09:00:{n % 60:02d}Z INFO step {'x' * (n % 7)} {chr(97 + n % 26)} went on"
        for n in range(3000)
    )
    failing = failure(text="\n".join(f"    line {n} of a long test" for n in range(4000)) + "\nE       boom")
    small = Config(drafts=Drafts(max_evidence_tokens=2000))
    catalogue = made(group=group(failing), logs=[LogText("chat.log", noise + "\n" + LOG)], config=small)
    assert size(catalogue.items) <= 2000 * 3.2
    chain = next(item for item in catalogue.items if item.kind == "chain")
    assert "E       boom" in [line.text for line in chain.lines]
    assert chain.total == 4001
    text = build(catalogue, "p", load(), nonce_of(catalogue, "p")).turns[0].text
    assert "lines elided]" in text
    log = lines(catalogue, "service_log")
    assert "[chat.log] 2025-03-04T09:00:12Z ERROR chat failed" in log
    assert {item.kind for item in catalogue.items} >= {"gap", "stats", "contrast", "message"}


def test_a_long_line_is_cut_in_its_middle_and_says_so() -> None:
    catalogue = made(group=group(failure(message="head " + "x" * 5000 + " tail")))
    (text,) = lines(catalogue, "message")
    assert text.startswith("head x") and text.endswith("x tail")
    assert "characters elided]" in text
    assert len(text) < 450


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=200))
def test_no_text_from_outside_breaks_collecting(message: str, text: str, log: str) -> None:
    failing = failure(message=message, text=text, sections=(Section("x", text),))
    catalogue = made(group=group(failing), logs=[LogText("x", log)])
    build(catalogue, "p", load(), nonce_of(catalogue, "p"))
    assert all(disarm(line.text) == line.text for item in catalogue.items for line in item.lines)


def test_what_sets_the_failing_tests_apart_is_the_first_contrast_and_is_never_cut() -> None:
    told = (
        "22 of 26 failing tests, and none of 3 passing ones, printed: device offline",
        "All 26 leave the path in converse",
    )
    catalogue = made(group=replace(group(failure()), findings=told))
    (first, *_) = [item for item in catalogue.items if item.kind == "contrast"]
    assert (first.title, [line.text for line in first.lines]) == (
        "what sets the failing tests apart",
        list(told),
    )


def test_suspects_are_the_first_changes_each_with_its_lines() -> None:
    hunk = ("@@ -39,2 +40,3 @@", " context", "-    old", '+    token = "abcdef"')
    first = Suspect(
        Fact("c" * 40), START, "read the token", "converse, where 2 of 2 leave it", "chat/handler.py", hunk
    )
    second = replace(first, commit=Fact("d" * 40), touches="main, 1 call above", path="a.py")
    catalogue = made(group=replace(group(failure()), suspects=(first, second)))
    found = [item for item in catalogue.items if item.kind == "change"]
    assert [item.title for item in found[:2]] == [
        "suspect 1 of 2: a commit that changes converse, where 2 of 2 leave it",
        "suspect 2 of 2: a commit that changes main, 1 call above",
    ]
    assert (
        found[0].lines[0].text.startswith("commit cccccccccccc")
        and "read the token" in found[0].lines[0].text
    )
    assert [line.where for line in found[0].lines[1:]] == [
        "",
        *(f"chat/handler.py:{n}" for n in (40, 41, 41)),
    ]
