"""What commands do to an issue's memory, labels and state, and what they refuse."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.config import Config
from triagebot.issues import DraftedWhy, Issue, Marker, read_marker, write_marker
from triagebot.reviews import states
from triagebot.reviews.grammar import FORMS, Command, command_of
from triagebot.reviews.judgement import MOST_ACTS, Speaker, judge, scene_of, unmuted

AT = datetime(2025, 9, 11, 10, 0, tzinfo=UTC)
WHYS = (
    DraftedWhy("1", "The server closes the socket."),
    DraftedWhy("2", "The token is missing."),
    DraftedWhy("3", "Nobody passes the variable on.", "primary"),
    DraftedWhy("D1", "No check reads the variable.", "secondary"),
)
MARKER = Marker(
    "ws.close-aaaaaaaaaaaa", 1, labels=("triagebot", "P3", "triage: draft"), states=("draft",), whys=WHYS
)


def scene(marker=MARKER, labels=("triagebot", "P3", "triage: draft")):
    return scene_of(Issue(1, "t", "b", "open", labels, "triagebot", marker), Config())


def say(at, *texts, who="ada"):
    """The scene after some commands, and what was refused."""
    refused = []
    for number, text in enumerate(texts):
        name, _, rest = text.rpartition(">")
        command = command_of(rest)
        assert isinstance(command, Command), command
        once = f"{len(at.marker.acts)}-{number}-{text}"
        verdict = judge(
            at, command, Speaker(name or who, AT + timedelta(minutes=len(at.marker.acts)), once, 7)
        )
        at = verdict.scene
        refused += [verdict.refused] if verdict.refused else []
    return at, refused


STATES = [
    ([], "draft"),
    (["accept"], "confirmed"),
    (["accept 1-2"], "draft"),
    (["accept 3"], "draft"),
    (["accept 3, D1"], "confirmed"),
    (["accept 3", "edit D1: no check at all"], "confirmed"),
    (["accept", "reject 3: no"], "rejected"),
    (["accept", "reject 1: no"], "confirmed"),
    (["accept", "bob>reject: all wrong"], "rejected"),
    (["reject: all wrong", "bob>accept"], "confirmed"),
    (["reject 3: no", "accept 3"], "draft"),
    (["reject 3: no", "accept 3", "accept D1"], "confirmed"),
    (["cause: the pool"], "confirmed"),
    (["needs-evidence: the proxy's log"], "needs-evidence"),
    (["needs-evidence: the proxy's log", "cause: the pool"], "confirmed"),
    (["accept", "not-quite 3: the other variable"], "draft"),
    (["reject: no", "redraft"], "draft"),
    (["accept", "undo"], "draft"),
    (["accept", "reject: no", "undo"], "confirmed"),
    (["accept", "mute", "owner ada", "priority P1", "fixed-by 0123abc"], "confirmed"),
    (["accept", "help", "explain"], "confirmed"),
]


def test_what_grows_when_it_is_written_is_refused_before_the_issue_can_hold_no_more():
    at, refused = say(
        scene(),
        *[f"owner {'<' * 190} {n}" for n in range(25)],
        *[f"cause: {'<' * 290} {n}" for n in range(5)],
    )
    assert refused
    assert all("as many commands as it can" in reason for reason in refused)
    assert len(write_marker(at.marker)) <= 24_000
    assert read_marker(write_marker(at.marker)).acts == at.marker.acts


@pytest.mark.parametrize("said, expected", STATES)
def test_the_state_after_these_words(said, expected):
    after, refused = say(scene(), *said)
    assert not refused
    assert states.state(after.marker) == expected
    assert expected in after.marker.states


REFUSED = [
    ("accept 9", "no step 9; the steps are 1, 2, 3, D1"),
    ("accept 3-1", "after"),
    ("edit 4: x", "no step 4"),
    ("unmute", "not muted"),
    ("undo", "nothing to take back"),
]


@pytest.mark.parametrize("said, why", REFUSED)
def test_what_cannot_be_done_is_refused_and_changes_nothing(said, why):
    after, refused = say(scene(), said)
    assert why in refused[0]
    assert after.marker == MARKER


def test_a_digest_has_no_step_to_accept_but_a_cause_can_be_stated():
    bare = scene(replace(MARKER, whys=()))
    assert "states the root cause" in say(bare, "accept")[1][0]
    after, refused = say(bare, "cause secondary: no alert", "cause: the pool")
    assert not refused
    assert [(c.rank, c.text) for c in states.causes(after.marker)] == [
        ("primary", "the pool"),
        ("secondary", "no alert"),
    ]


def test_of_two_people_who_contradict_each_other_the_later_counts_and_both_are_remembered():
    after, _ = say(scene(), "accept 3", "bob>reject 3: the variable was set")
    assert [(act.verb, act.who) for act in states.verdicts(after.marker)["3"]] == [
        ("accept", "ada"),
        ("reject", "bob"),
    ]
    assert [(c.text, c.said) for c in states.ruled_out(after.marker)] == [
        ("Nobody passes the variable on.", "the variable was set")
    ]


def test_a_corrected_root_is_the_cause_in_the_corrected_words():
    after, _ = say(scene(), "accept D1", "edit 3: The deploy drops the variable")
    assert [c.text for c in states.causes(after.marker)] == [
        "The deploy drops the variable",
        "No check reads the variable.",
    ]


def test_a_new_draft_keeps_what_was_settled_and_what_was_ruled_out():
    after, _ = say(
        scene(), "accept 1", "edit 2: The token is empty", "reject 3: no", "redraft look at the deploy"
    )
    new = (DraftedWhy("1", "The server closes the socket."), DraftedWhy("2", "Something else.", "primary"))
    marker = states.redrafted(after.marker, new, AT)
    assert [judged.text for judged in marker.kept] == ["The token is empty"]
    assert [judged.text for judged in marker.ruled_out] == ["Nobody passes the variable on."]
    assert [acts[-1].who for acts in states.verdicts(marker).values()] == ["ada"]
    assert states.state(marker) == "draft"
    assert states.redrafted(marker, new, AT) == marker


def test_a_corrected_step_that_a_new_draft_brings_back_is_corrected_there():
    after = say(scene(), "edit 2: The token is empty")[0].marker
    for again, verb in (("The token is missing.", "edit"), ("The token is empty", "accept")):
        marker = states.redrafted(after, (DraftedWhy("1", "First."), DraftedWhy("2.1", again)), AT)
        assert marker.kept == ()
        assert [(act.verb, act.who, act.on, act.said) for act in marker.acts] == [
            (verb, "ada", ("2.1",), "The token is empty" if verb == "edit" else "")
        ]
    gone = states.redrafted(after, (DraftedWhy("1", "First."),), AT)
    assert [kept.text for kept in gone.kept] == ["The token is empty"]
    back = states.redrafted(gone, (DraftedWhy("1", "The token is missing."),), AT)
    assert back.kept == ()
    assert [judged.text for judged in states.frozen(back)] == ["The token is empty"]


def test_a_stated_cause_that_somebody_rejects_is_ruled_out_until_it_is_stated_again():
    marker = say(scene(), "cause: the pool", "bob>reject: it has room")[0].marker
    assert states.state(marker) == "rejected"
    assert states.causes(marker) == ()
    assert ("the pool", "bob", "it has room") in [
        (out.text, out.who, out.said) for out in states.ruled_out(marker)
    ]
    assert states.returned(marker, None, AT) == marker
    anew = states.redrafted(marker, (DraftedWhy("1", "Another.", "primary"),), AT)
    assert (states.causes(anew), states.state(anew)) == ((), "draft")
    assert "the pool" in [out.text for out in states.ruled_out(anew)]
    again = say(replace(scene(), marker=marker), "cause: the pool")[0].marker
    assert [cause.text for cause in states.causes(again)] == ["the pool"]
    assert "the pool" not in [out.text for out in states.ruled_out(again)]


def test_a_rejected_root_of_the_draft_leaves_a_cause_that_a_person_stated_confirmed():
    marker = say(scene(), "cause: the pool", "reject 3: not this")[0].marker
    assert states.state(marker) == "confirmed"
    assert [out.text for out in states.ruled_out(marker)] == ["Nobody passes the variable on."]


def test_hints_for_the_next_draft_name_the_step_that_they_are_about():
    after, _ = say(scene(), "not-quite 2: it was empty", "needs-evidence: the log", "redraft mind the proxy")
    assert states.hints(after.marker) == (
        "it was empty (of the step: The token is missing.)",
        "the log",
        "mind the proxy",
    )


def test_what_comes_back_remembers_its_cause_and_starts_from_a_draft():
    after, _ = say(scene(), "accept", "owner chat team")
    marker = states.returned(after.marker, "abc123", AT)
    assert [c.text for c in marker.last] == ["Nobody passes the variable on.", "No check reads the variable."]
    assert marker.last_fix == "abc123"
    assert states.state(marker) == "draft"
    assert states.owner(marker).said == "chat team"


def test_what_was_never_confirmed_leaves_no_memory():
    assert states.returned(MARKER, "abc", AT) == MARKER


def test_a_priority_is_a_persons_label_and_an_undo_puts_ours_back():
    after, _ = say(scene(), "priority P1")
    assert set(after.labels) == {"triagebot", "triage: draft", "P1"}
    assert "P1" not in after.marker.labels
    back, _ = say(after, "undo")
    assert set(back.labels) == {"triagebot", "triage: draft", "P3"}
    assert "P3" in back.marker.labels


@pytest.mark.parametrize(
    "said, until", [("mute", "on"), ("mute 3d", "2025-09-14"), ("mute until fixed", "fixed")]
)
def test_mute_sets_the_label_and_remembers_until_when(said, until):
    after, _ = say(scene(), said)
    assert ("muted" in after.labels, after.marker.mute) == (True, until)
    for inverse in ("undo", "unmute"):
        back, refused = say(after, inverse)
        assert ("muted" in back.labels, back.marker.mute, refused) == (False, "", [])


@pytest.mark.parametrize(
    "said, days, state, over",
    [("mute 3d", 2, "open", False), ("mute 3d", 3, "open", True), ("mute", 400, "closed", False),
     ("mute until fixed", 9, "open", False), ("mute until fixed", 0, "closed", True)],
)  # fmt: skip
def test_a_silence_is_over_on_its_day_or_when_it_is_fixed(said, days, state, over):
    after, _ = say(scene(), said)
    after = replace(after, issue=replace(after.issue, state=state))
    later = unmuted(after, AT + timedelta(days=days))
    assert ("muted" in later.labels, bool(later.marker.mute)) == (not over, not over)


def test_a_label_that_a_person_took_off_ends_the_silence():
    after, _ = say(scene(), "mute")
    assert unmuted(replace(after, labels=("triagebot",)), AT).marker.mute == ""


def test_a_redraft_is_owed_and_an_undo_takes_it_back():
    asked, _ = say(scene(replace(MARKER, draft_once="abc")), "redraft")
    assert (asked.marker.owed, asked.marker.draft_once) == (True, "")
    back, _ = say(asked, "undo")
    assert (back.marker.owed, back.marker.draft_once) == (False, "abc")


def test_commands_without_end_leave_room_for_the_next_one_where_old_ones_decide_nothing():
    after, refused = say(scene(), *(f"owner team {n}" for n in range(3 * MOST_ACTS)))
    assert not refused
    assert len(after.marker.acts) <= MOST_ACTS
    assert states.owner(after.marker).said == f"team {3 * MOST_ACTS - 1}"


def test_what_no_room_is_left_for_is_refused_in_words():
    long = "x" * 290
    after, refused = say(scene(), *(f"redraft {n} {long}" for n in range(MOST_ACTS)))
    assert "as many commands as it can" in refused[-1]
    assert len(write_marker(after.marker)) < 24_000


COMMANDS = st.lists(
    st.sampled_from([
        "accept", "accept 1", "accept 3,D1", "reject 3: no", "reject: no", "edit 3: other", "cause: pool", "undo", "redraft",
        "not-quite 1: hm", "needs-evidence: log", "mute", "mute 2d", "unmute", "priority P1", "priority P2", "owner x", "help",
    ]),
    max_size=12,
)  # fmt: skip


@given(COMMANDS)
def test_an_undo_leaves_state_labels_and_verdicts_as_they_were_before_the_last_command(said):
    before, _ = say(scene(), *said)
    for text in ("accept", "cause: other", "priority P5", "reject 1: no", "redraft", "owner z", "mute 9d"):
        after, refused = say(before, text)
        if not refused:
            back, _ = say(after, "undo")
            assert set(back.labels) == set(before.labels)
            assert back.marker.acts == before.marker.acts
            assert (back.marker.mute, back.marker.owed) == (before.marker.mute, before.marker.owed)


@given(COMMANDS)
def test_what_people_said_survives_the_marker(said):
    after, _ = say(scene(), *said)
    assert read_marker(write_marker(after.marker)) == replace(after.marker, tests_seen=0)


@pytest.mark.parametrize("form", FORMS.values())
def test_every_form_that_help_shows_is_understood_without_and_with_what_stands_in_brackets(form):
    bare = re.sub(r" ?\[[^\]]*\]", "", form) if "reject" not in form else "reject: the reason"
    full = re.sub(r"\[([^\]|]*)[^\]]*\]", r"\1", form)
    for text in (bare, full):
        assert isinstance(command_of(text.split(" |")[0]), Command), text


def test_an_undo_after_a_new_draft_takes_back_the_last_command_and_not_what_was_carried_over():
    after = say(scene(), "accept 1", "owner chat team", "redraft")[0].marker
    marker = states.redrafted(
        after, (DraftedWhy("1", "The server closes the socket."), DraftedWhy("2", "New.")), AT
    )
    back, refused = say(replace(scene(), marker=marker), "undo")
    assert not refused
    assert states.owner(back.marker) is None
    assert [judged.text for judged in states.frozen(back.marker)] == ["The server closes the socket."]


def test_the_actions_of_a_draft_that_was_accepted_whole_are_kept_where_a_new_draft_lacks_them():
    drafted = replace(MARKER, actions=("Pass the token on.", "Check it at the start."))
    new = (DraftedWhy("1", "Something else.", "primary"),)
    whole = say(scene(drafted), "accept", "redraft")[0].marker
    marker = states.redrafted(whole, new, AT, ("Check it at the start.",))
    assert ("Pass the token on.", "action") in [(kept.text, kept.rank) for kept in marker.kept]
    assert "Check it at the start." not in [kept.text for kept in marker.kept]
    assert marker.actions == ("Check it at the start.",)
    again = states.redrafted(marker, (DraftedWhy("1", "Third.", "primary"),), AT, ("Pass the token on.",))
    assert "Pass the token on." not in [kept.text for kept in again.kept]
    assert {
        cause.rank for cause in states.causes(say(replace(scene(), marker=marker), "accept")[0].marker)
    } <= {"primary", "secondary"}
    for texts in (["accept 1", "redraft"], ["accept", "reject: all wrong"]):
        part = states.redrafted(say(scene(drafted), *texts)[0].marker, new, AT)
        assert "action" not in {kept.rank for kept in part.kept}


def test_a_new_draft_with_the_same_steps_and_other_actions_keeps_the_accepted_ones():
    whole = say(scene(replace(MARKER, actions=("Pass the token on.",))), "accept", "redraft")[0].marker
    marker = states.redrafted(whole, WHYS, AT, ("Something else.",))
    assert [kept.text for kept in marker.kept] == ["Pass the token on."]
    assert {judged.text for judged in states.frozen(marker)} == {why.text for why in WHYS}
    assert states.state(marker) == "confirmed"
