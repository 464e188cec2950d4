import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.errors import UserError
from triagebot.issues import (
    BEGIN,
    END,
    Marker,
    compose,
    parts,
    read_marker,
    section,
    section_hash,
    splice,
    write_marker,
)

OLD = compose(
    write_marker(Marker("k-1", 1)), {"one": "first\n- [ ] do it\n- [ ] do it\n- [ ] more", "two": "second"}
)
NEW = compose(
    write_marker(Marker("k-1", 1, seen=2)), {"one": "changed\n- [ ] do it\n- [ ] do it\n- [ ] other"}
)

outside = st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]), max_size=80).filter(
    lambda text: "triagebot" not in text
)


@given(outside, outside)
def test_text_around_the_section_is_kept_to_the_letter(before, after):
    marker, part = OLD.split("\n", 1)
    body = f"{marker}\n{before}\n{part}\n{after}"
    spliced = splice(body, NEW)
    marker, part = NEW.split("\n", 1)
    assert spliced == f"{marker}\n{before}\n{part}\n{after}"


@given(outside)
def test_a_persons_issue_keeps_its_text_above_the_section(text):
    spliced = splice(text, NEW)
    marker, part = NEW.split("\n", 1)
    assert spliced.startswith(marker + "\n" + (text if text.strip() else ""))
    assert spliced.endswith(part)


def test_splicing_the_same_section_again_changes_nothing():
    assert splice(splice("mine", NEW), NEW) == splice("mine", NEW)


def test_ticks_stay_with_their_words_in_order():
    ticked = OLD.replace("- [ ] do it\n- [ ] do it", "- [ ] do it\n- [x] do it").replace(
        "[ ] more", "[X] more"
    )
    assert "- [ ] do it\n- [x] do it\n- [ ] other" in splice(ticked, NEW)


def test_a_tick_taken_away_meanwhile_is_not_put_back():
    planned = NEW.replace("- [ ] do it", "- [x] do it")
    assert "[x]" not in splice(OLD, planned)


def test_ticks_and_line_ends_do_not_change_the_hash():
    assert section_hash(OLD.replace("[ ] do", "[x] do").replace("\n", "\r\n")) == section_hash(OLD)


@pytest.mark.parametrize(
    "changed",
    [OLD.replace("first", "First"), OLD.replace('"key":"k-1"', '"key":"k-2"'), NEW, ""],
    ids=["text", "marker", "both", "gone"],
)
def test_what_the_bot_wrote_changes_the_hash(changed):
    assert section_hash(changed) != section_hash(OLD)


def test_what_people_write_around_it_does_not_change_the_hash():
    assert section_hash(OLD + "\nmy note") == section_hash(OLD)


@pytest.mark.parametrize(
    "body",
    [OLD.replace(END, ""), OLD.replace(BEGIN, ""), OLD + "\n" + BEGIN, f"{END}\n{BEGIN}"],
    ids=["no end", "no begin", "second begin", "turned"],
)
def test_damaged_marks_are_refused(body):
    assert section(body) == ""
    with pytest.raises(UserError, match="damaged"):
        splice(body, NEW)


def test_parts_are_read_as_they_were_composed():
    assert parts(OLD) == {"one": "first\n- [ ] do it\n- [ ] do it\n- [ ] more", "two": "second"}
    assert parts("nothing of ours") == {}


def test_only_one_marker_is_left_wherever_the_old_one_stood():
    marker, part = OLD.split("\n", 1)
    assert read_marker(splice(f"{part}\nnote\n{marker}", NEW)) == Marker("k-1", 1, seen=2)
