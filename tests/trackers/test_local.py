import json
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.plans.worlds import DAY, group, local, planned, run, triage
from triagebot.errors import UserError
from triagebot.trackers import Edit, TrackerError
from triagebot.trackers.local import LocalTracker
from triagebot.trackers.markdown_export import readable, write_markdown

GROUP = group()


@pytest.fixture
def tracker(tmp_path):
    tracker = local(tmp_path)
    triage(tracker, run("run-1", [GROUP]), [GROUP])
    return tracker


def test_issues_are_there_when_the_file_is_opened_again(tracker):
    again = LocalTracker(tracker.path)
    assert again.issues() == tracker.issues()
    assert (again.issues()[0].number, again.name) == (1, "local")


def test_a_number_is_never_given_twice(tracker):
    with tracker.engine.begin() as connection:
        connection.execute(text("DELETE FROM once"))
        connection.execute(text("DELETE FROM issue_keys"))
        connection.execute(text("DELETE FROM issues"))
    assert tracker.create("t", "b", (), "1" * 64).number == 2


def test_an_occurrence_stands_in_the_table_with_the_change_that_counted_it(tracker):
    with tracker.engine.connect() as connection:
        rows = connection.execute(text("SELECT key, run, failed FROM occurrences")).all()
    assert rows == [(GROUP.key, "run-1", 2)]


def test_what_happens_in_a_transaction_happens_together_or_not_at_all(tracker):
    before = tracker.issues()

    def fails():
        with tracker.transaction():
            tracker.create("t", "b", (), "1" * 64)
            tracker.comment(1, "said")
            tracker.update(1, Edit(title="other"))
            assert len(tracker.issues()) == 2
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert tracker.issues() == before
    assert tracker.issue_comments(1) == ()


def test_a_once_key_can_be_spent_once(tracker):
    tracker.create("t", "b", (), "1" * 64)
    with pytest.raises(TrackerError, match="UNIQUE"):
        tracker.create("t", "b", (), "1" * 64)
    assert len(tracker.issues()) == 2


def test_closing_and_reopening_as_a_person(tracker):
    closed = tracker.close(1, "not_planned", commit="abc")
    assert (closed.state, closed.state_reason, closed.closed_commit) == ("closed", "not_planned", "abc")
    assert closed.closed_at == DAY + timedelta(days=0.5)
    opened = tracker.reopen(1)
    assert (opened.state, opened.closed_at, opened.closed_commit) == ("open", None, None)


def test_labels_keep_their_order_and_do_not_repeat(tracker):
    labels = tracker.label(1, add=["muted", "P1", "muted"], remove=["triage: draft"]).labels
    assert labels == ("triagebot", "P1", "area: chat", "muted")


def test_only_our_own_comments_are_ours(tracker):
    tracker.comment(1, "from a person", author="ada")
    tracker.comment(1, "from us")
    assert tracker.comments(1) == ("from us",)
    assert [(said.author, said.body) for said in tracker.issue_comments(1)] == [
        ("ada", "from a person"),
        ("triagebot", "from us"),
    ]


@pytest.mark.parametrize("act", ["show", "close", "reopen", "label"])
def test_a_number_that_is_not_there_is_told_with_the_next_step(tracker, act):
    with pytest.raises(UserError, match="no issue 7; `triagebot issues list`"):
        getattr(tracker, act)(7)


def test_the_trackers_own_writes_to_a_lost_issue_are_errors(tracker):
    for write in (lambda: tracker.update(7, Edit(title="x")), lambda: tracker.comment(7, "x")):
        with pytest.raises(TrackerError, match="issue 7 is gone"):
            write()


def test_a_file_of_a_newer_version_is_refused(tracker):
    with tracker.engine.begin() as connection:
        connection.execute(text("UPDATE meta SET value = '9'"))
    with pytest.raises(UserError, match=r"triagebot\.db: written by a newer triagebot \(version 9.*Upgrade"):
        LocalTracker(tracker.path)


def test_a_place_where_nothing_can_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="Check that the place exists and that you may write there"):
        LocalTracker(tmp_path / "file" / "triagebot.db")


def test_a_body_with_two_markers_has_no_trusted_marker(tracker):
    issue = tracker.read(1)
    marker = issue.body.split("\n", 1)[0]
    assert tracker.update(1, Edit(body=f"{issue.body}\n{marker}")).marker is None


TRIAGE = """
import json, sys
from pathlib import Path
from tests.plans.worlds import group, local, planned, run, triage
folder, name = Path(sys.argv[1]), sys.argv[2]
tracker = local(folder)
one, two = group("ws.close-aaaaaaaaaaaa"), group("env-cccccccccccc", ["c"])
said = []
for number in range(6):
    tested = run(f"{name}-{number}", [one, two], day=number)
    for _ in range(20):
        outcomes = triage(tracker, tested, [one, two])
        said += [outcome.status for outcome in outcomes]
        if not any(outcome.status == "stale" for outcome in outcomes):
            break
print(json.dumps(said))
"""


def test_processes_triage_at_once_and_every_run_is_counted_once(tmp_path):
    command = [sys.executable, "-c", TRIAGE, str(tmp_path)]
    started = [
        subprocess.Popen([*command, name], stdout=subprocess.PIPE, text=True)
        for name in ("one", "two", "three")
    ]
    said = [json.loads(process.communicate(timeout=120)[0]) for process in started]
    assert {status for some in said for status in some} <= {"applied", "stale"}
    issues = local(tmp_path).issues()
    assert [issue.marker.key for issue in issues] == ["ws.close-aaaaaaaaaaaa", "env-cccccccccccc"]
    expected = sorted(f"{name}-{number}" for name in ("one", "two", "three") for number in range(6))
    for issue in issues:
        assert sorted(issue.marker.runs) == expected
        assert sorted(row.run for row in issue.marker.occurrences) == expected
        assert issue.marker.seen == 18


def test_issues_are_written_as_files_that_a_person_can_read(tracker, tmp_path):
    paths = write_markdown(tracker.issues(), tmp_path / "out")
    assert [path.name for path in paths] == ["issue-0001.md", "issues.md"]
    text_ = paths[0].read_text(encoding="utf-8")
    assert text_.startswith("# \\[P1\\] WebSocket closed")
    assert "<!-- triagebot" not in text_
    assert "| 1 | open |" in paths[1].read_text(encoding="utf-8")


def test_readable_hides_only_what_is_ours(tracker):
    assert readable("<!-- triagebot:begin -->\na\n<!-- other -->\n") == "a\n<!-- other -->\n"


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="--out"):
        write_markdown([], tmp_path / "file" / "out")


def test_planning_and_importing_plans_loads_no_database():
    code = "import sys, triagebot.plans, triagebot.trackers.applying, triagebot.stores; print('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_plan_reads_and_writes_nothing(tracker):
    before = tracker.issues()
    planned(tracker, run("run-2", [GROUP], day=1), [GROUP])
    assert tracker.issues() == before
