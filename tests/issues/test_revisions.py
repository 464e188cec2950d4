"""What the edit history of a body tells of people's text that our writes took away."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.issues import splice, write_marker
from triagebot.issues.model import Marker
from triagebot.issues.revisions import Overwritten, Revision, overwritten, stands_upon

AT = datetime(2025, 9, 10, tzinfo=UTC)


def part(run: int) -> str:
    marker = write_marker(Marker("k", 1, runs=(f"run-{run}",)))
    return f"{marker}\n<!-- triagebot:begin -->\nseen in run {run}\n- [ ] look\n<!-- triagebot:end -->"


def found(*newest_first: tuple[str, str]) -> tuple[Overwritten, ...]:
    return overwritten([Revision(who, AT, body) for who, body in newest_first], lambda who: who == "bot")


A, B = part(1) + "\nAda: the queue.", part(1) + "\nBob: the cache."


@pytest.mark.parametrize(
    "history",
    [
        (),
        (("bot", part(1)),),
        (("ada", A), ("bot", part(1))),
        (("bot", splice(A, part(2))), ("ada", A), ("bot", part(1))),
        (("bot", splice(A, part(3))), ("bot", splice(A, part(2))), ("ada", A), ("bot", part(1))),
        (("bot", splice("", part(2))), ("ada", ""), ("bot", part(1))),
        (("ada", A), ("bob", B), ("bot", part(1))),
        (("bot", splice(A, part(2))), ("bot", part(2)), ("ada", A)),
    ],
    ids=[
        "none",
        "opened",
        "a person last",
        "upon her",
        "twice upon her",
        "emptied",
        "two people",
        "put back",
    ],
)
def test_what_rests_on_what_people_wrote_took_nothing(history):
    assert found(*history) == ()


def test_the_newest_text_of_a_person_is_put_under_our_newest_part():
    [lost] = found(("bot", part(3)), ("bot", part(2)), ("ada", A), ("bot", part(1)))
    assert lost.revision.editor == "ada"
    assert lost.mended == splice(A, part(3))


def test_a_tick_is_a_persons_text_too():
    ticked = part(1).replace("[ ]", "[x]")
    [lost] = found(("bot", part(2)), ("ada", ticked), ("bot", part(1)))
    assert "- [x] look" in lost.mended
    assert "run 2" in lost.mended


def test_what_somebody_wrote_on_after_is_theirs_to_mend_and_is_told():
    history = ("bob", part(2) + "\nBob: no."), ("bot", part(2)), ("ada", A), ("bot", part(1))
    [lost] = found(*history)
    assert (lost.revision.editor, lost.mended) == ("ada", "")
    again = ("bob", part(2) + "\nAda: the queue."), *history[1:]
    assert found(*again) == (), "they have put it back"


def test_where_marks_are_damaged_nothing_is_put_back_but_told():
    damaged = A.replace("<!-- triagebot:end -->", "")
    [lost] = found(("bot", part(2)), ("ada", damaged), ("bot", part(1)))
    assert lost.mended == ""
    assert not stands_upon("a body without a part", "Ada: the queue.")


acts = st.lists(st.sampled_from(["person", "fresh", "stale"]), max_size=12)


@given(acts)
def test_after_mending_all_that_the_last_person_left_stands(history):
    """A stale write rests on the body before the last one; whoever was overwritten is found and put back."""
    revisions = [("bot", part(0))]
    for number, act in enumerate(history, 1):
        newest = revisions[0][1]
        if act == "person":
            revisions.insert(0, ("ada", f"{newest}\nline {number}"))
        else:
            ground = newest if act == "fresh" else revisions[min(1, len(revisions) - 1)][1]
            revisions.insert(0, ("bot", splice(ground, part(number))))
    for lost in found(*revisions):
        if lost.mended:
            revisions.insert(0, ("bot", lost.mended))
    theirs = next((body for who, body in revisions if who == "ada"), "")
    assert {line for line in theirs.split("\n") if line.startswith("line ")} <= set(
        revisions[0][1].split("\n")
    )
    assert [lost for lost in found(*revisions) if lost.mended] == []
