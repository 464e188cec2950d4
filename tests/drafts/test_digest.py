import re
from dataclasses import replace

import pytest

from tests.plans.worlds import case, failure, group, run, test_id
from triagebot.drafts.digest import digest
from triagebot.drafts.questions import name_of
from triagebot.groups.model import Variant
from triagebot.plans.render.digest_text import digest_text
from triagebot.reports.model import Frame, Raised

GROUP = group(hosts=("api.staging.example",))
RUN = run("run-1", [GROUP], ["p1", "p2"])


def made(one=GROUP, tested=RUN):
    return digest(one, tested, "no key")


def facts(draft):
    return {fact.name: fact.value for fact in draft.facts}


KINDS = [
    "ws.close",
    "http.status",
    "import",
    "env",
    "timeout",
    "database",
    "connection",
    "contract",
    "dns",
    "tls",
    "filesystem",
    "worker.crash",
    "process.oom",
    "assert",
    "run.exit",
    "fixture",
]
CAUSAL = re.compile(
    r"\b(because|caused? by|due to|root cause|reason (is|was)|result of|leads? to|therefore|probably|likely|should be fixed)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("kind", KINDS)
def test_it_states_no_cause_of_any_kind(kind):
    one = group(f"{kind}-aaaaaaaaaaaa", hosts=("api.staging.example",))
    text = digest_text(made(one, run("run-1", [one], ["p1"])), 1.0)
    assert not CAUSAL.search(text)


def test_it_asks_five_questions_and_answers_none():
    draft = made()
    assert len(draft.whys) == 5
    assert all(why.ask.endswith("?") and why.tell for why in draft.whys)


@pytest.mark.parametrize("kind", KINDS)
def test_the_questions_are_about_this_group_and_not_the_same_under_every_issue(kind):
    tested = replace(RUN, revision="backend-00231")
    one = group(f"{kind}-aaaaaaaaaaaa", tests=["a", "b"])
    asked = [f"{why.ask} {why.tell}" for why in made(one, tested).whys]
    assert "a, the first of 2, failed" in asked[0]
    assert "revision backend-00231" in asked[1]
    assert "p1 and 1 more, which passed" in asked[3]
    assert "all 2 tests pass" in asked[4]


def test_a_known_kind_has_questions_of_its_own():
    looks = {made(group(f"{kind}-aaaaaaaaaaaa")).whys[0].tell for kind in KINDS}
    assert len(looks) >= 12
    status = group("http.status-aaaaaaaaaaaa")
    status = replace(status, signature=replace(status.signature, slots=(("status", "503"),)))
    assert "answered with 503" in made(status).whys[0].tell


def test_questions_about_a_run_without_a_failing_test_name_none():
    one = replace(group("run.exit-aaaaaaaaaaaa"), tests=())
    asked = [f"{why.ask} {why.tell}" for why in made(one, run("run-1", [], [])).whys]
    assert "before the run ended like this?" in asked[0]
    assert "the earliest test, check or alarm" in asked[3]
    assert "the run ends well" in asked[4]


def test_what_the_message_says_already_is_not_said_twice():
    one = replace(GROUP, signature=replace(GROUP.signature, slots=(("code", "1011"),)))
    assert "Read from the message" not in facts(made(one))
    other = replace(GROUP, signature=replace(GROUP.signature, slots=(("code", "101"),)))
    assert facts(made(other))["Read from the message"] == "code = 101"


def test_home_folders_and_workspaces_are_not_told():
    text = "/home/runner/work/shop/shop/tests/a.py:3: in a\nE   OSError: /home/alice/.cache/x"
    one = replace(GROUP, failures=(replace(GROUP.failures[0], text=text, message="no /Users/ada/x"),))
    told = repr(made(one))
    assert not [word for word in ("runner", "alice", "ada") if word in told]
    assert "tests/a.py:3: in a" in told
    assert "~/.cache/x" in told


def test_it_says_that_no_model_was_used_and_why():
    assert "No language model was used (no key)." in digest_text(made(), 1.0)


def test_facts_are_those_of_the_report():
    assert facts(made()) == {
        "Message": "received 1011 (internal error)",
        "Phase": "call",
        "Host named in the failure or beside it": "api.staging.example",
        "Duration of the failing tests": "0.31 s",
    }


def test_the_place_comes_from_the_recorded_chain():
    raised = Raised(
        "ConnectionClosedError", "received 1011", (Frame("a.py", 1), Frame("client.py", 33, "recv"))
    )
    one = replace(GROUP, failures=(replace(GROUP.failures[0], chain=(raised,)),))
    assert facts(made(one))["Raised at"] == "client.py:33 in recv"


def test_phases_variants_and_reruns_are_counted():
    setup = replace(failure(test_id("b")), phase="setup")
    variants = (Variant("one", 1), Variant("two", 1))
    one = replace(GROUP, failures=(GROUP.failures[0], setup), variants=variants)
    tested = replace(RUN, cases=(case(test_id("a"), "failed", (GROUP.failures[0],), attempts=2),))
    found = facts(made(one, tested))
    assert found["Phase"] == "call 1, setup 1"
    assert found["Variants"] == "2 wordings; the most frequent: one"
    assert found["Attempts"] == "1 of 2 tests failed again when they were rerun"


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        ([], ["Nothing passed in this run, so there is nothing to compare with."]),
        (["tests/other.py::x"], ["In the whole run 1 of 3 tests passed; 2 failed in this way."]),
        (
            [test_id("p1")],
            [
                "Passed in the same file: test_1_websocket_events_staging.py::p1.",
                "In the whole run 1 of 3 tests passed; 2 failed in this way.",
            ],
        ),
        (
            [
                "tests/test_http_api.py::test_login",
                "tests/test_ws.py::test_ping",
                "tests/test_rows.py::test_news",
            ],
            [
                "Passed over another transport (HTTP, going by the test's name): test_http_api.py::test_login.",
                "Passed over the same transport (WebSocket, going by the test's name): test_ws.py::test_ping.",
                "In the whole run 3 of 5 tests passed; 2 failed in this way.",
            ],
        ),
    ],
)
def test_contrast_names_what_passed_nearest_first(passed, said):
    tested = replace(RUN, cases=(*(c for c in RUN.cases if c.failures), *map(case, passed)))
    assert list(made(tested=tested).contrast) == said


def test_contrast_names_other_parameters_of_the_same_test():
    one = group(tests=["send[big]"])
    tested = run("run-1", [one], ["send[small]"])
    assert (
        "Passed with other parameters of the same test: test_1_websocket_events_staging.py::send[small]."
        in made(one, tested).contrast
    )


def test_contrast_finds_the_same_host_in_the_output_of_passing_tests():
    talked = replace(
        case("tests/x.py::talks"),
        attempts=(replace(case("x").attempts[0], sections=GROUP.failures[0].sections),),
    )
    tested = replace(RUN, cases=(*RUN.cases, talked))
    assert (
        "Passed, and its output names api.staging.example too: x.py::talks." in made(tested=tested).contrast
    )


def test_excerpts_are_cut_visibly():
    long = replace(GROUP.failures[0], text="\n".join(f"line {n}" for n in range(500)))
    text = made(replace(GROUP, failures=(long,))).excerpts[0].text
    assert "line 0\n" in text
    assert text.endswith("line 499")
    assert "[… 485 lines left out …]" in text


def test_of_a_long_traceback_what_ran_and_what_was_raised_is_shown():
    library = "\n".join(f"    library line {n}" for n in range(60))
    text = f"def test_x():\n>   call()\n\ntests/x.py:3: \n{library}\n>       raise Closed\nE   Closed: 1011\n{library}\nlib.py:9: Closed"
    long = replace(GROUP.failures[0], text=text)
    lines = made(replace(GROUP, failures=(long,))).excerpts[0].text.splitlines()
    assert [line for line in lines if "library" not in line] == [
        "def test_x():",
        ">   call()",
        "",
        "tests/x.py:3: ",
        "[… 54 lines left out …]",
        ">       raise Closed",
        "E   Closed: 1011",
        "[… 56 lines left out …]",
        "lib.py:9: Closed",
    ]


def test_a_passing_test_of_another_transport_in_the_same_file_is_named_first():
    tested = run("run-1", [GROUP], ["test_same_token_over_http", "p1"])
    first, second, _whole_run = made(tested=tested).contrast
    assert first.startswith("Passed over another transport (HTTP, going by the test's name): ")
    assert first.endswith("::test_same_token_over_http.")
    assert second == "Passed in the same file: test_1_websocket_events_staging.py::p1."


def test_a_host_found_beside_the_failure_is_not_sent_after():
    beside = made(group(hosts=("datatracker.example",)))
    assert "datatracker" not in beside.whys[0].tell


def test_what_is_missing_is_asked_for():
    bare = replace(failure(test_id("a"), sections=False), text="")
    asked = " ".join(made(replace(GROUP, failures=(bare,))).collect)
    assert "Captured output" in asked
    assert "--commit" in asked
    assert "--tb=long" in asked
    full = run("run-1", [GROUP], commit="c")
    assert "--commit" not in " ".join(made(tested=full).collect)


@pytest.mark.parametrize(
    ("formats", "advised"),
    [
        (("playwright-json",), ["trace: 'retain-on-failure'"]),
        (("robot-xml", "junit-xml"), ["--loglevel DEBUG"]),
        (("jest-json",), []),
        (("go-json", "robot-xml"), []),
        (("junit-xml",), []),
    ],
)
def test_what_is_asked_for_is_what_the_runner_that_wrote_the_report_can_give(formats, advised):
    other = "e2e/a.spec.ts::pays [chromium]"
    bare = replace(failure(other, sections=False), text="")
    one = replace(GROUP, failures=(bare,), tests=(other,))
    asked = " ".join(made(one, replace(RUN, formats=formats)).collect)
    assert "Captured output: the reports hold none" in asked
    assert "pytest" not in asked
    assert [said for said in ("trace: 'retain-on-failure'", "--loglevel DEBUG") if said in asked] == advised


def test_a_failure_without_any_text_is_said_to_have_none():
    mute = replace(failure(test_id("a"), ""), text="", sections=())
    draft = made(replace(GROUP, failures=(mute,)))
    assert facts(draft)["Message"] == "(the report holds no message)"
    assert draft.excerpts == ()


def test_what_the_report_does_not_hold_is_no_fact():
    bare = replace(GROUP, signature=replace(GROUP.signature, slots=(), hosts=()))
    assert set(facts(made(bare, replace(RUN, cases=())))) == {"Message", "Phase"}


@pytest.mark.parametrize(
    ("frame", "place"),
    [
        (Frame("a.py", 3, "f"), "a.py:3 in f"),
        (Frame("a.py", None, "f"), "a.py in f"),
        (Frame("a.py", 0, ""), "a.py:0"),
    ],
)
def test_a_place_is_as_exact_as_the_report(frame, place):
    one = replace(GROUP, failures=(replace(GROUP.failures[0], chain=(Raised("E", "m", (frame,)),)),))
    assert facts(made(one))["Raised at"] == place


@pytest.mark.parametrize(
    ("seconds", "said"),
    [((1.0, 2.5), "1.00 s to 2.50 s"), ((1.0, 1.0), "1.00 s"), ((1.0, None), "1.00 s"), ((None, None), None)],
)
def test_durations_are_a_span_of_what_is_known(seconds, said):
    red = [c for c in RUN.cases if c.failures]
    cases = tuple(
        replace(c, attempts=(replace(c.attempts[-1], duration_s=s),))
        for c, s in zip(red, seconds, strict=True)
    )
    assert facts(made(tested=replace(RUN, cases=cases))).get("Duration of the failing tests") == said


def test_a_test_is_named_with_its_parameters_whatever_they_hold():
    assert name_of("tests/test_a.py::TestA::test_x[http://a::b]") == "test_x[http://a::b]"
    assert name_of("tests/test_a.py::test_x") == "test_x"
    assert name_of("tests/test_a.py") == "tests/test_a.py"
