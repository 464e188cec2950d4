"""Who wrote the draft that an issue shows, over several runs."""

from tests.plans.worlds import CONFIG, DAY, group, local, plan, planned, run, triage
from triagebot.drafts.answer_schema import Action, Answer, Missing, Ref, Rival, Root, Why
from triagebot.drafts.digest import digest
from triagebot.drafts.model import FiveWhys, Origin, Violation
from triagebot.history import Past
from triagebot.plans.draft_text import draft_markdown
from triagebot.trackers.applying import apply

REF = Ref(evidence="E1", line=3, quote="received 1011 (internal error)")
ANSWER = Answer(
    whys=(
        Why(
            id="W1",
            parent="",
            branch="occurrence",
            sentence="The server closed the connection with 1011",
            status="supported",
            refs=(REF,),
            refuted_by="a close frame with another code in the server's log",
        ),
        Why(
            id="W2",
            parent="W1",
            branch="occurrence",
            sentence="The variable JWT_SECRET is missing in the process @octocat",
            status="hypothesis",
            refs=(),
            refuted_by="the variable's name in the process's environment",
        ),
        Why(
            id="D1",
            parent="",
            branch="detection",
            sentence="No check reads the settings at start",
            status="unknown",
            refs=(),
            refuted_by="a check in the start-up log",
        ),
    ),
    roots=(Root(why="W2", rank="primary"),),
    rivals=(
        Rival(
            cause="an expired token",
            standing="ruled_out",
            because="the same token works over HTTP",
            refs=(REF,),
        ),
    ),
    actions=(
        Action(
            root="W2",
            purpose="correct",
            step="Set the variable",
            done_when="the seven tests pass",
            window="now",
        ),
        Action(
            root="W2",
            purpose="detect",
            step="Check it at start",
            done_when="start fails without it",
            window="24h",
        ),
    ),
    missing=(Missing(what="the server's log", how="keep it as an artifact"),),
    verdict="root_cause_hypothesis",
)
ORIGIN = Origin(
    "model-1", "five_whys", 2, "d" * 64, 1_000, 200, 0.0123, False, (Violation("quote", "whys[1]", "x"),)
)
DRAFT = FiveWhys("7 of 9 tests failed with close code 1011.", ANSWER, ORIGIN)
GROUP = group()


def drafted(tracker, tested, draft):
    issues = tracker.issues()
    made = plan(tested, [GROUP], issues, Past(), {GROUP.key: draft}, CONFIG, now=DAY, tracker="local")
    return apply(made, tracker)


def test_a_digest_of_a_later_run_does_not_take_its_place_and_ticks_stay(tmp_path):
    from triagebot.trackers import Edit

    tracker = local(tmp_path)
    drafted(tracker, run("run-1", [GROUP]), DRAFT)
    body = tracker.read(1).body
    assert tracker.read(1).marker.drafted == "model"
    tracker.update(1, Edit(body=body.replace("- [ ] ", "- [x] ", 1)))
    later = run("run-2", [GROUP], day=1)
    drafted(tracker, later, digest(GROUP, later, "no key"))
    assert "### Five whys (draft)" in tracker.read(1).body
    assert (tracker.read(1).body.count("- [x] "), tracker.read(1).body.count("- [ ] ")) == (1, 1)
    assert "No language model was used" not in tracker.read(1).body


def test_a_draft_takes_the_place_of_an_owed_digest(tmp_path):
    tracker = local(tmp_path)
    first = run("run-1", [GROUP])
    drafted(tracker, first, digest(GROUP, first, "the budget is spent", owed=True))
    assert tracker.read(1).marker.owed
    drafted(tracker, run("run-2", [GROUP], day=1), DRAFT)
    issue = tracker.read(1)
    assert (issue.marker.owed, issue.marker.drafted) == (False, "model")
    assert "No language model was used" not in issue.body


def test_a_clean_run_leaves_the_draft_as_it_is(tmp_path):
    tracker = local(tmp_path)
    drafted(tracker, run("run-1", [GROUP]), DRAFT)
    triage(tracker, run("run-2", (), ["a", "b"], day=1))
    assert draft_markdown(DRAFT) in tracker.read(1).body
    assert planned(tracker, run("run-2", (), ["a", "b"], day=1)).changes == ()
