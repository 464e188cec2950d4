"""A GitHub Project beside the board: through the command line, PyGithub and the double, every query held to the published schema."""

import re

import pytest

from tests.doubles.github import BOT, GitHub
from tests.doubles.github.graph import Card, Project, Value, complaints
from triagebot.issues import Marker, Occurrence, compose, write_marker
from triagebot.redact import Fact
from triagebot.trackers.github import projects, requests

pytest.register_assert_rewrite("tests.scenarios.play")
from tests.scenarios.play import Play  # noqa: E402 - only what is imported after the line above explains its asserts

ON = '[board]\nproject = "acme/7"\n'
AT = "2025-09-11T20:00:00Z"
FIELDS = {
    "Title": "TITLE",
    "Status": ["Todo", "Draft", "Confirmed", "Rejected", "Needs evidence", "In progress"],
    "Priority": ["P1", "P2", "P3"],
    "At risk": "TEXT",
    "Last seen": "DATE",
    "Area": "TEXT",
}


@pytest.fixture
def play(github, tmp_path):
    github.world.project = Project(dict(FIELDS), writers=(BOT,))
    github.world.roles = {"ada": "triage", "mallory": "read"}
    return Play(github, tmp_path, github.world.clock, ON)


def card(play: Play, issue: int) -> Card:
    return next(c for c in play.github.world.project.cards if c.issue == issue)


def shown(play: Play, issue: int) -> dict[str, str]:
    return {name: value.content for name, value in card(play, issue).values.items()}


def asked(play: Play, first: int = 0) -> list[str]:
    """The GraphQL about projects."""
    sent = [e.body["query"] for e in play.github.exchanges[first:] if e.path == "/graphql"]
    return [query for query in sent if "roject" in query]


QUERIES = [
    requests.CLOSER,
    requests.BODY,
    requests.PIN,
    projects.PROJECT,
    projects.added(3),
    projects.written(3),
    projects.written(200),
]


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_every_query_is_one_of_the_published_schema(query):
    assert complaints(query) == []


def test_a_query_that_asks_for_what_is_not_there_would_be_seen():
    assert complaints(projects.PROJECT.replace("isArchived", "isArchive"))


def test_every_open_cause_has_one_card_with_its_fields(play):
    play.step({"run": "r1", "red": "a b"})
    assert len(play.github.world.project.cards) == 2
    assert shown(play, 1) == {"Status": "Draft", "Priority": "P3", "Last seen": "2025-09-10"}


def test_the_next_run_without_a_change_only_reads(play):
    play.step({"run": "r1", "red": "a"})
    first = len(play.github.exchanges)
    play.step({"run": "r1", "red": "a"})
    assert len(asked(play, first)) == 1


def test_what_changed_is_set_and_nothing_else(play):
    play.step({"run": "r1", "red": "a b"})
    first = len(play.github.exchanges)
    play.step({"day": 1, "run": "r2", "red": "a"})
    read, wrote = asked(play, first)
    assert "fieldValueByName" in read
    assert len(re.findall(r"s\d+:", wrote)) == 1
    assert sorted(shown(play, n)["Last seen"] for n in (1, 2)) == ["2025-09-10", "2025-09-11"]


def test_a_card_that_a_person_moved_to_confirmed_accepts(play):
    play.step({"run": "r1", "red": "a"})
    play.github.world.issues[1].body = with_draft(play.github.world.issues[1].body)
    card(play, 1).values["Status"] = Value("Confirmed", "ada", AT)
    play.step({"day": 1, "run": "r2", "red": "b"})
    assert "triage: confirmed" in play.github.world.issues[1].labels
    assert shown(play, 1)["Status"] == "Confirmed"
    first = len(play.github.exchanges)
    play.step({"day": 1, "run": "r2", "red": "b"})
    assert len(asked(play, first)) == 1, "obeyed once"


def with_draft(body: str) -> str:
    """The body of an issue whose draft has a step to accept."""
    return body.replace('"key":', '"whys":[{"number":"1","text":"It broke.","root":"primary"}],"key":', 1)


def test_a_card_moved_to_needs_evidence_is_the_command(play):
    play.step({"run": "r1", "red": "a"})
    card(play, 1).values["Status"] = Value("Needs evidence", "ada", AT)
    play.step({"day": 1, "run": "r2", "red": "b"})
    assert "triage: needs-evidence" in play.github.world.issues[1].labels


@pytest.mark.parametrize("who", ["mallory", "other[bot]"])
def test_a_card_moved_by_who_may_not_goes_back_and_that_is_said_once(play, who):
    play.step({"run": "r1", "red": "a"})
    card(play, 1).values["Status"] = Value("Needs evidence", who, AT)
    play.step({"day": 1, "run": "r2", "red": "b", "says": f"{who} moved cards without triage permission"})
    assert shown(play, 1)["Status"] == "Draft"
    assert "triage: draft" in play.github.world.issues[1].labels
    play.step({"day": 2, "run": "r3", "red": "b"})
    assert "moved cards" not in play.said


def test_a_column_of_peoples_own_stays(play):
    play.step({"run": "r1", "red": "a"})
    card(play, 1).values["Status"] = Value("In progress", "ada", AT)
    play.step({"day": 1, "run": "r2", "red": "a"})
    assert shown(play, 1)["Status"] == "In progress"
    assert shown(play, 1)["Last seen"] == "2025-09-11"


def test_a_column_that_an_automation_set_is_taken_over(play):
    play.step({"run": "r1", "red": "a"})
    card(play, 1).values["Status"] = Value("Todo", "github-project-automation[bot]", AT)
    play.step({"day": 1, "run": "r2", "red": "a"})
    assert shown(play, 1)["Status"] == "Draft"


def test_an_archived_card_is_left_alone_and_not_added_again(play):
    play.step({"run": "r1", "red": "a"})
    card(play, 1).archived = True
    before = shown(play, 1)
    play.step({"day": 1, "run": "r2", "red": "a", "code": 0})
    assert shown(play, 1) == before
    assert len(play.github.world.project.cards) == 1
    assert "project" not in play.said.lower()


def test_cards_of_people_and_of_other_issues_are_nothing_to_us(play):
    play.github.world.project.cards.append(
        Card("PVTI_note", None, values={"Status": Value("Confirmed", "ada", AT)})
    )
    play.github.world.open("by hand", "", "ada", number=50)
    play.github.world.project.cards.append(
        Card("PVTI_50", 50, values={"Status": Value("Rejected", "ada", AT)})
    )
    play.step({"run": "r1", "red": "a"})
    assert len(play.github.world.project.cards) == 3
    assert card(play, 50).values["Status"].content == "Rejected"


def test_a_missing_field_and_a_missing_option_are_said_once_and_the_rest_is_set(play):
    del play.github.world.project.fields["Area"]
    play.github.world.project.fields["Priority"] = ["P1"]
    play.step(
        {"run": "r1", "red": "a b", "says": "The project lacks a field 'Area', an option 'P3' of 'Priority'"}
    )
    assert play.said.count("The project lacks") == 1
    assert shown(play, 1) == {"Status": "Draft", "Last seen": "2025-09-10"}


def test_a_field_of_an_unfit_kind_is_left_alone(play):
    play.github.world.project.fields["At risk"] = "NUMBER"
    play.github.world.project.fields["Last seen"] = "NUMBER"
    play.step({"run": "r1", "red": "a", "code": 0})
    assert shown(play, 1) == {"Status": "Draft", "Priority": "P3"}


def test_a_token_that_may_not_write_the_project_says_so_and_files_all_the_same(play):
    play.github.world.project.writers = ()
    play.step({"run": "r1", "red": "a", "says": "the token may not write it", "open": [1], "code": 0})
    assert play.github.world.project.cards == []


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ('[board]\nproject = "acme/8"\n', "Could not resolve to a ProjectV2 with the number 8"),
        ('[board]\nproject = "acme"\n', "board.project must be owner/number"),
    ],
)
def test_a_project_that_is_not_there_stops_no_filing(play, config, says):
    play.config = config
    play.step({"run": "r1", "red": "a", "says": says, "open": [1], "code": 0})


@pytest.mark.parametrize("fault", ["403 forbidden", "502 before", "html"])
def test_a_refusal_of_graphql_stops_no_filing(play, fault):
    play.github.fault(fault, "POST", "/graphql", times=99)
    play.step(
        {
            "run": "r1",
            "red": "a",
            "open": [1],
            "code": 0,
            "says": "The project acme/7 was not brought up to date",
        }
    )


def test_a_set_that_was_applied_behind_an_error_is_made_again_without_harm(play):
    play.step({"run": "r1", "red": "a"})
    play.github.fault("502 after", "POST", "/graphql", skip=3)
    play.step({"day": 1, "run": "r2", "red": "a", "code": 0})
    assert shown(play, 1)["Last seen"] == "2025-09-11"


def test_a_project_of_a_person_is_found_too(play):
    play.github.world.project.owner = "ada"
    play.config = '[board]\nproject = "ada/7"\n'
    play.step({"run": "r1", "red": "a"})
    assert len(play.github.world.project.cards) == 1


def test_on_an_enterprise_server_the_endpoint_is_the_one_beside_rest(tmp_path):
    with GitHub(prefix="/api/v3") as github:
        github.world.project = Project(dict(FIELDS), writers=(BOT,))
        play = Play(github, tmp_path, github.world.clock, ON)
        play.step({"run": "r1", "red": "a"})
        assert len(github.world.project.cards) == 1


def test_three_hundred_causes_take_twelve_requests(tmp_path):
    with GitHub() as github:
        play = Play(github, tmp_path, github.world.clock, ON)
        for n in range(1, 301):
            row = Occurrence(
                Fact("r1"), github.world.clock(), 1, 1, environment=Fact("staging"), branch=Fact("main")
            )
            marker = Marker(
                f"import-{n:012}", 2, occurrences=(row,), seen=1, first=row.at, labels=("triagebot",)
            )
            github.world.open(
                f"Broken {n}", compose(write_marker(marker), {"sentence": "It broke."}), BOT, ("triagebot",)
            )
        github.world.project = Project(dict(FIELDS), writers=(BOT,))
        play.step({"board": ""})
        assert len(github.world.project.cards) == 300
        assert all(len(c.values) == 3 for c in github.world.project.cards)
        assert len(asked(play)) <= 12
        first = len(github.exchanges)
        play.step({"board": ""})
        assert len(asked(play, first)) == 3, "pages of a hundred cards, and nothing to set"
        assert not github.complaints
