"""`group` and `explain` on the staging example."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import STAGING, Command
from triagebot.reports import FORMATS

RUNNERS = Path(__file__).parent.parent / "data" / "runners"
FORMS = ["report.json", "junit.xml", "output.txt"]


def grouped(triagebot: Command, *argv: object) -> dict:
    return json.loads(triagebot("group", *argv, "--json").out)


@pytest.mark.parametrize("day", ["day-2-red", "day-3-red", "day-4-red", "day-6-red"])
def test_the_keys_are_the_same_in_every_form_of_one_run(triagebot: Command, day: str) -> None:
    keys = [{g["key"] for g in grouped(triagebot, STAGING / day / form)["groups"]} for form in FORMS]
    assert keys[0] == keys[1] == keys[2]


def test_the_three_forms_together_are_one_run_counted_once(triagebot: Command) -> None:
    one = grouped(triagebot, STAGING / "day-2-red/report.json")
    three = grouped(triagebot, *(STAGING / "day-2-red" / form for form in FORMS))
    assert three["totals"] == one["totals"]
    assert {g["key"]: sorted(g["tests"]) for g in three["groups"]} == {
        g["key"]: sorted(g["tests"]) for g in one["groups"]
    }


def test_json_has_the_shape_of_the_contract(triagebot: Command) -> None:
    said = grouped(triagebot, STAGING / "day-2-red/report.json")
    assert said["schema"] == 1
    assert set(said) == {
        "schema",
        "run",
        "totals",
        "groups",
        "causes",
        "incidents",
        "problems",
        "similar",
        "contracts",
        "authenticity",
    }
    assert {
        "id",
        "formats",
        "started",
        "duration_s",
        "exit_code",
        "status",
        "complete",
        "environment",
        "branch",
        "commit",
        "revision",
    } <= set(said["run"])
    assert {"key", "algorithm", "kind", "slots", "hosts", "title", "tests", "failures"} <= set(
        said["groups"][0]
    )
    assert {"test", "phase", "variant", "message"} <= set(said["groups"][0]["failures"][0])


def test_standard_input_is_read_as_a_report(triagebot: Command) -> None:
    data = (STAGING / "day-2-red/output.txt").read_bytes()
    said = json.loads(triagebot("group", "-", "--json", stdin=data).out)
    assert said["run"]["formats"] == ["pytest-terminal"]
    assert said["groups"]


def test_explain_tells_every_step_of_one_test(triagebot: Command) -> None:
    said = triagebot("explain", STAGING / "day-2-red/report.json", "--test", "test_golden_path_chat")
    assert said.code == 0
    for word in ("read: 1 exception", "chosen:", "decided by: ws.close", "+ code = 1011", "base32(sha256("):
        assert word in said.out


def test_explain_of_one_test_tells_what_it_did_and_what_nobody_recorded(triagebot: Command) -> None:
    said = triagebot(
        "explain", STAGING / "day-2-red/report.json", "--test", "test_chat_survives_a_bad_message"
    ).out
    assert "· log: INFO harness:client.py:113 ada connects to ws://127.0.0.1:40243/ws" in said
    assert "· value: websockets.exceptions.ConnectionClosedError: received 1011" in said
    assert "not recorded: fixture, function, contact" in said
    everything = triagebot("explain", STAGING / "day-2-red/report.json").out
    assert "not recorded" not in everything


def test_explain_of_two_keys_tells_what_differs(triagebot: Command) -> None:
    said = triagebot(
        "explain", STAGING / "day-2-red/report.json", "--key", "ws.close", "--key", "http.status"
    )
    assert said.code == 0
    assert "ws.close" in said.out
    assert "is not http.status" in said.out


def test_a_secret_of_the_environment_is_not_shown(triagebot: Command, tmp_path) -> None:
    secret = "hunter2-hunter2-hunter2"
    text = (
        (STAGING / "day-2-red/report.json").read_text().replace("Internal error", f"Internal error {secret}")
    )
    (tmp_path / "r.json").write_text(text)
    said = triagebot("group", "r.json", "--json", environ={"STAGING_API_TOKEN": secret})
    assert secret not in said.out
    assert "REDACTED" in said.out


def test_another_version_of_the_algorithm_is_compared(triagebot: Command) -> None:
    said = triagebot("group", STAGING / "day-2-red/report.json", "--compare-algorithm", "1")
    assert "makes the same groups" in said.out
    assert triagebot("group", STAGING / "day-2-red/report.json", "--compare-algorithm", "99").code == 1


def test_a_rule_that_never_matches_is_a_problem(triagebot: Command, tmp_path) -> None:
    (tmp_path / "c.toml").write_text('[[rules]]\nkey = "quota"\n[rules.when]\nmessage = "quota exceeded"\n')
    said = grouped(triagebot, STAGING / "day-2-red/report.json", "--config", "c.toml")
    assert said["problems"] == [{"path": "c.toml", "reason": said["problems"][0]["reason"]}]
    assert "rule 1 never matched" in said["problems"][0]["reason"]


def test_a_rule_gives_its_key_title_and_nothing_else(triagebot: Command, tmp_path) -> None:
    (tmp_path / "c.toml").write_text(
        '[[rules]]\nkey = "Chat is down"\ntitle = "Chat"\n[rules.when]\nkind = "ws.close"\n'
    )
    said = grouped(triagebot, STAGING / "day-2-red/report.json", "--config", "c.toml")
    mine = next(g for g in said["groups"] if g["key"].startswith("rule-"))
    assert mine["key"] == "rule-chat-is-down"
    assert mine["title"] == "Chat"


def test_the_formats_are_told_with_what_makes_them(triagebot: Command) -> None:
    told = triagebot("group", "--format", "list").out
    assert [line.split("`")[1] for line in told.splitlines()[2:]] == list(FORMATS)
    assert "npx playwright test --reporter=json" in told


def test_an_unknown_format_is_a_mistake_of_usage(triagebot: Command) -> None:
    done = triagebot("group", "--format", "teletype", "x")
    assert done.code == 2
    assert "'teletype' is none of pytest-json, " in done.err


def test_who_ran_a_test_and_what_was_kept_of_it_stands_beside_each_failure(triagebot: Command) -> None:
    said = grouped(triagebot, RUNNERS / "playwright-browser/report.json", "--leg", "nightly")
    failures = [f for g in said["groups"] for f in g["failures"] if "main menu is open" in f["test"]]
    (only,) = failures
    assert (only["test"], only["project"], only["leg"]) == (
        "shop.spec.ts::main menu is open [mobile chrome]",
        "mobile chrome",
        "nightly",
    )
    assert only["attachments"][0] == {
        "name": "screenshot",
        "path": "test-results/shop-main-menu-is-open-mobile-chrome/test-failed-1.png",
        "content_type": "image/png",
    }
    assert (said["totals"]["failed"], said["totals"]["passed"]) == (19, 3)


def test_a_log_archive_counts_each_job_once_and_each_job_is_a_leg(triagebot: Command) -> None:
    said = grouped(triagebot, RUNNERS / "github-actions/logs.zip")
    told = json.loads((RUNNERS / "github-actions/expected.json").read_text())["reports"]["logs.zip"]["totals"]
    totals = said["totals"]
    assert totals["passed"] == told["passed"] + told["flaky"]
    assert (totals["failed"], totals["error"]) == (
        told["failed"],
        told["error"] + 1,
    )  # a virtual machine that died
    assert totals["skipped"] + totals["xfailed"] == told["skipped"]
    legs = {failure["leg"] for found in said["groups"] for failure in found["failures"]}
    assert legs == {"pytest (eu)", "playwright", "jest", "vitest", "go", "maven"}


def test_a_log_and_a_report_of_one_job_count_its_tests_once(triagebot: Command) -> None:
    one = grouped(triagebot, RUNNERS / "pytest/junit-eu.xml")
    two = grouped(triagebot, RUNNERS / "pytest/junit-eu.xml", RUNNERS / "github-actions/pytest.log")
    assert two["totals"] == one["totals"]
    assert {g["key"] for g in two["groups"]} == {g["key"] for g in one["groups"]}


def test_what_was_kept_of_a_failure_is_named_in_issue_and_report_with_the_way_to_it(
    triagebot: Command, tmp_path: Path
) -> None:
    data = json.loads((RUNNERS / "playwright-browser/report.json").read_text())
    suite = data["suites"][0]
    suite["specs"] = [spec for spec in suite["specs"] if spec["title"] in {"pays", "basket is shown"}]
    data["stats"]["unexpected"] = 2
    test = next(spec for spec in suite["specs"] if spec["title"] == "pays")["tests"][0]
    trace = {"name": "trace", "contentType": "application/zip", "path": "/home/runner/work/a/a/test-results/it's/trace.zip"}  # fmt: skip
    test["results"][0]["attachments"].append(trace)
    (tmp_path / "report.json").write_text(json.dumps(data))
    url = "https://github.com/acme/shop/actions/runs/7"
    triagebot("triage", "report.json", "--draft", "digest", "--run-url", url, "--out", "out")
    issues = json.loads(triagebot("issues", "list", "--json").out)
    bodies = [triagebot("issues", "show", issue["number"]).out for issue in issues]
    (body,) = (body for body in bodies if "show-trace" in body)
    assert "test-failed-1.png" in body
    assert f"{url}#artifacts" in body
    assert """npx playwright show-trace 'test-results/it'"'"'s/trace.zip'""" in body
    pages = [page.read_text() for page in (tmp_path / "out").rglob("*.md")]
    assert any("show-trace" in page and "test-failed-1.png" in page for page in pages)


def test_no_join_leaves_a_cause_for_each_signature(triagebot: Command, tmp_path: Path) -> None:
    cases = "".join(
        f"<testcase classname='tests.test_a' name='{name}'><failure message='{text}'>tests/test_a.py:{line}: RuntimeError\n"
        f"E   RuntimeError: {text}</failure></testcase>"
        for line, (name, text) in enumerate(
            {"test_a": "HTTP 503", "test_b": "HTTP 503 for url https://api.shop.example/v1"}.items(), 1
        )
    )
    report = tmp_path / "junit.xml"
    report.write_text(f"<testsuite name='pytest' tests='2' failures='2'>{cases}</testsuite>", "utf-8")
    joined, apart = (
        json.loads(triagebot("group", report, "--json", *more).out) for more in ((), ("--no-join",))
    )
    assert [len(held["groups"]) for held in (joined, apart)] == [2, 2]
    assert [len(held["causes"]) for held in (joined, apart)] == [1, 2]
    for verb in ("plan", "triage"):
        planned = json.loads(triagebot(verb, report, "--json", "--no-join").out)
        assert len([c for c in planned["changes"] if c["action"] == "open"]) == 2


def test_a_table_shows_a_hundred_causes_and_says_how_many_more_there_are(
    triagebot: Command, tmp_path: Path
) -> None:
    failing = "".join(f'<testcase classname="c{at}" name="t{at}"><failure/></testcase>' for at in range(103))
    (tmp_path / "r.xml").write_text(f"<testsuites><testsuite>{failing}</testsuite></testsuites>")
    assert len(grouped(triagebot, "r.xml")["causes"]) == 103
    said = triagebot("group", "r.xml").out
    assert said.count("P3") == 100
    assert "… and 3 more causes (--json lists all)" in said
    said = triagebot("triage", "r.xml").out
    assert said.count("new") == 100
    assert "… and 3 more causes (`triagebot group --json` lists all)" in said


def test_failing_tests_of_all_reports_together_are_within_the_limit(
    triagebot: Command, tmp_path: Path
) -> None:
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github/triagebot.toml").write_text("[limits]\nfailures = 5\n")
    for name in "ab":
        failing = "".join(
            f'<testcase classname="{name}" name="t{at}"><failure/></testcase>' for at in range(4)
        )
        (tmp_path / f"{name}.xml").write_text(f"<testsuites><testsuite>{failing}</testsuite></testsuites>")
    said = grouped(triagebot, "a.xml", "b.xml")
    assert said["totals"]["failed"] == 5
    assert "the first 1 of 4 count (limits.failures)" in str(said["problems"])
