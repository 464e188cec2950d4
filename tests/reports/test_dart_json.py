"""What Dart's events leave open: what is hidden, what never ended, who ran it."""

import json

from triagebot.reports import Context, merge, parse


def run(*events, end={"type": "done", "success": False, "time": 9}):  # noqa: B006 never changed
    start = {"protocolVersion": "0.1.1", "runnerVersion": "1.25.8", "pid": 1, "type": "start", "time": 0}
    held = [start, *events, *([end] if end else [])]
    text = "Downloading the SDK\n" + "\n".join(json.dumps(event) for event in held)
    report = parse("report.json", text.encode())
    assert report.format == "dart-json"
    return merge([report], Context())


def suite(id_=0, platform="vm"):
    return {
        "suite": {"id": id_, "platform": platform, "path": "test/a_test.dart"},
        "type": "suite",
        "time": 0,
    }


def start(id_, name, suite_id=0):
    return {
        "test": {"id": id_, "name": name, "suiteID": suite_id, "groupIDs": []},
        "type": "testStart",
        "time": 1,
    }


def done(id_, result="success", **more):
    return {
        "testID": id_,
        "result": result,
        "skipped": False,
        "hidden": False,
        "type": "testDone",
        "time": 5,
        **more,
    }


def error(id_, said="boom", **more):
    return {
        "testID": id_,
        "error": said,
        "stackTrace": "",
        "isFailure": False,
        "type": "error",
        "time": 3,
        **more,
    }


def test_what_the_runner_hides_is_no_test_but_where_it_fails():
    told = run(
        suite(), start(1, "loading test/a_test.dart"), done(1, hidden=True),
        start(2, "(setUpAll)"), error(2), done(2, "error"), start(3, "(tearDownAll)"), done(3, hidden=True),
    )  # fmt: skip
    assert [(case.test, case.outcome) for case in told.cases] == [("test/a_test.dart::(setUpAll)", "error")]


def test_an_error_after_its_test_had_ended_keeps_the_test_red():
    told = run(suite(), start(1, "pays"), done(1), error(1), done(1, "error"))
    assert [case.outcome for case in told.cases] == ["error"]


def test_a_test_that_never_ended_is_red_and_the_run_proves_nothing():
    told = run(suite(), start(1, "pays"), start(2, "ships"), done(2), end=None)
    assert {case.test: case.outcome for case in told.cases} == {
        "test/a_test.dart::pays": "error",
        "test/a_test.dart::ships": "passed",
    }
    assert not told.complete


def test_one_test_on_two_platforms_is_two_cases():
    told = run(
        suite(0),
        suite(1, "chrome"),
        start(1, "pays", 0),
        done(1),
        start(2, "pays", 1),
        error(2),
        done(2, "failure"),
    )
    assert [(case.project, case.outcome) for case in told.cases] == [("", "passed"), ("chrome", "failed")]


def test_a_run_that_says_it_failed_and_names_nothing_is_not_green():
    assert run(suite(), start(1, "pays"), done(1)).status != "passed"
    assert (
        run(suite(), start(1, "pays"), done(1), end={"type": "done", "success": True, "time": 9}).status
        == "passed"
    )
