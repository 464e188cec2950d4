"""Questions that may stay unanswered: each, refused in every way, costs what it would have told and one sentence."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.doubles.github import BOT, Actor
from tests.trackers.test_github_tracker import LABEL, body, filed, joined, keys
from triagebot.config import Config
from triagebot.plans.model import Absent, OpenIssue, Plan
from triagebot.trackers import Edit, TrackerError
from triagebot.trackers.applying import apply
from triagebot.trackers.github.probe import probe

HTML = b"<html><body>Prove that you are no robot.</body></html>"
DEEP = b"[" * 100_000
REFUSALS = {
    "401 bad credentials": (401, b'{"message": "Bad credentials"}'),
    "403 told": (403, b'{"message": "Resource not accessible by integration"}'),
    "403 html": (403, HTML),
    "403 empty": (403, b""),
    "403 list": (403, b"[]"),
    "404 told": (404, b'{"message": "Not Found"}'),
    "404 text": (404, b'"no"'),
    "410 html": (410, HTML),
    "422 null": (422, b"null"),
    "502 html": (502, HTML),
    "503 told": (503, b'{"message": "No server is available"}'),
    "403 message is an object": (403, b'{"message": {"text": "no"}}'),
    "403 errors are text": (403, b'{"message": "No.", "errors": "many"}'),
    "403 no utf-8": (403, b'{"message": "\xff"}'),
    "200 html": (200, HTML),
    "200 empty": (200, b""),
    "200 cut": (200, b'{"data": {"viewer"'),
    "200 deep": (200, DEEP),
    "200 list of nothing": (200, b"[null]"),
    "200 number": (200, b"17"),
    "200 like a 401": (200, b'{"message": "Bad credentials"}'),
    "200 errors": (200, b'{"data": null, "errors": [{"type": "FORBIDDEN", "message": "no"}]}'),
    "200 errors without a type": (200, b'{"errors": [{"message": "Something went wrong"}]}'),
    "200 errors of another shape": (200, b'{"errors": "no"}'),
    "200 data of another shape": (200, b'{"data": {"viewer": null, "repository": null}}'),
    "429 told": (429, b'{"message": "Too many requests"}'),
}  # fmt: skip


@pytest.fixture(params=REFUSALS)
def refusal(request):
    status, data = REFUSALS[request.param]
    return {"status": status, "data": data, "times": 999}


@pytest.fixture
def tracker(github):
    return joined(github)


def file_one(tracker):
    """One issue is opened, as any run does that finds a new cause."""
    change = OpenIssue(
        "import-new", "1" * 64, Absent("import-new"), "new", body("import-new", once="1" * 64), (LABEL,)
    )
    [outcome] = apply(Plan("r", (change,)), tracker)
    return outcome.status


def said(tracker):
    return [*tracker.unknowns.messages.values()]


# Who we are.


def test_who_we_are_is_guessed_where_nobody_says_and_the_run_files_all_the_same(github, refusal):
    number = filed(github, "import-a")
    github.fault("answer", "POST", "/graphql", **refusal)
    github.fault("answer", "GET", "/user", **refusal)
    tracker = joined(github)
    assert [issue.number for issue in tracker.issues()] == [number]
    assert keys(tracker) == ["import-a"]
    assert file_one(tracker) == "applied"
    [sentence] = said(tracker)
    assert "did not say whose token this is" in sentence
    assert BOT in sentence


def test_a_persons_token_is_known_from_rest_where_graphql_refuses(github, refusal):
    github.world.actors["t0ken"] = Actor("ada")
    filed(github, "import-a", user="ada")
    filed(github, "import-b")
    github.fault("answer", "POST", "/graphql", **refusal)
    tracker = joined(github)
    assert keys(tracker) == ["import-a"]
    assert said(tracker) == []


def test_the_token_of_actions_is_refused_by_both_and_guessed_right(github):
    github.world.actors["t0ken"].graphql = False
    tracker = joined(github)
    tracker.issues()
    assert (tracker.login, github.count("GET", "/user")) == (BOT, 1)


def test_an_app_is_known_from_its_own_name_where_graphql_refuses(github):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    github.fault("403 forbidden", "POST", "/graphql", times=9)
    filed(github, "import-a", user="triage-app[bot]")
    pem = key.private_bytes(*form).decode()
    tracker = joined(github, environ={"TRIAGEBOT_APP_ID": "1", "TRIAGEBOT_APP_PRIVATE_KEY": pem})
    assert keys(tracker) == ["import-a"]
    assert said(tracker) == []


def test_a_configured_author_is_believed_beside_a_guess(github):
    github.world.actors["t0ken"] = Actor("triage-app[bot]", graphql=False)
    filed(github, "import-a", user="triage-app[bot]")
    assert keys(joined(github, Config(authors=("triage-app[bot]",)))) == ["import-a"]


def test_a_wrong_guess_is_noticed_when_we_write_and_leaves_no_second_issue_open(github):
    github.world.actors["t0ken"] = Actor("triage-app[bot]", graphql=False)
    first = filed(github, "import-a", user="triage-app[bot]")
    filed(github, "import-b", user="triage-app[bot]")
    tracker = joined(github)
    assert keys(tracker) == [None, None]
    changes = [
        OpenIssue(key, once, Absent(key), key, body(key, once=once), (LABEL,))
        for key, once in (("import-a", "1" * 64), ("import-b", "2" * 64))
    ]
    outcomes = apply(Plan("r", tuple(changes)), tracker)
    assert [outcome.status for outcome in outcomes] == ["applied", "stale"]
    assert outcomes[0].issue == first
    assert [issue.number for issue in github.world.issues.values() if issue.state == "open"] == [1, 2]
    assert keys(tracker)[:2] == ["import-a", "import-b"]
    assert "We write as triage-app[bot]" in said(tracker)[0]


def test_a_comment_shows_who_we_are_too(github):
    github.world.actors["t0ken"] = Actor("triage-app[bot]", graphql=False)
    number = filed(github, "import-a", user="triage-app[bot]")
    tracker = joined(github)
    tracker.issues()
    tracker.comment(number, "It came back.")
    assert tracker.login == "triage-app[bot]"
    assert [issue.marker.key for issue in tracker.listed] == ["import-a"]


def test_a_guess_lists_by_our_label_for_a_list_by_its_login_might_lack_ours(github):
    github.world.actors["t0ken"] = Actor("triage-app[bot]", graphql=False)
    filed(github, "import-a")
    filed(github, "import-b", user="triage-app[bot]")
    assert [issue.number for issue in joined(github).issues()] == [1, 2]


# What closed an issue.


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("POST", "/graphql", "say which change closed an issue"),
        ("GET", "/events", "say who closed an issue"),
    ],
)
def test_what_closed_an_issue_stays_unknown_where_github_refuses(github, refusal, method, path, kind):
    number = filed(github, "import-a")
    tracker = joined(github)
    tracker.issues()
    github.world.close_by_pull(number, "ada", "c" * 40)
    issue = tracker.read(number)
    github.fault("answer", method, path, **refusal)
    told = tracker.with_closing(issue)
    fix = "c" * 40 if path == "/events" else None  # GraphQL knows it without the events
    assert told == replace(issue, closed_commit=fix)
    assert [kind in sentence for sentence in said(tracker)] == [True]
    assert file_one(tracker) == "applied"


def test_the_original_of_a_duplicate_stays_unknown_where_github_refuses(github, refusal):
    number = filed(github, "import-a")
    github.world.comment(number, "ada", "Duplicate of #12")
    github.world.close(number, "ada", "duplicate")
    tracker = joined(github)
    [issue] = tracker.issues()
    github.fault("answer", "GET", "/comments", **refusal)
    assert tracker.with_closing(issue) == issue
    assert len(said(tracker)) == 1
    assert file_one(tracker) == "applied"


def test_a_token_that_may_not_read_pull_requests_is_told_so_once(github, tracker):
    numbers = [filed(github, key) for key in ("import-a", "import-b")]
    github.world.actors["t0ken"].permissions["pull_requests"] = "none"
    for number in numbers:
        github.world.close_by_pull(number, "ada", "c" * 40)
        assert tracker.with_closing(tracker.read(number)).closed_commit is None
    [sentence] = said(tracker)
    assert "pull-requests: read" in sentence


# Which commit contains which.


def test_which_commit_contains_which_is_unknown_to_a_token_that_may_not_ask_and_an_outage_is_no_answer(
    github, tracker, refusal
):
    github.world.commit("a")
    github.fault("answer", "GET", "/compare", **refusal)
    if 400 <= refusal["status"] < 429:
        assert tracker.contains("a", "a") is None
        assert [*tracker.unknowns.messages] == (
            [] if refusal["status"] in (404, 410) else ["compare commits"]
        )
    else:
        with pytest.raises(TrackerError):
            tracker.contains("a", "a")
    assert file_one(tracker) == "applied"


# Patience is paid once, refusals are told once.


def test_an_outage_is_waited_for_once_and_not_for_every_issue(github):
    numbers = [filed(github, f"import-{n}") for n in range(5)]
    tracker = joined(github)
    tracker.issues()
    for number in numbers:
        github.world.close_by_pull(number, "ada", "c" * 40)
    issues = [tracker.read(number) for number in numbers]
    github.fault("502 before", "POST", "/graphql", times=999)
    before = github.count("POST", "/graphql")
    assert {tracker.with_closing(issue).closed_commit for issue in issues} == {None}
    assert github.count("POST", "/graphql") - before == 5
    assert len(said(tracker)) == 1


# Labels.


@pytest.mark.parametrize(
    "data",
    [
        b'{"message": "Validation Failed", "errors": [{"resource": "Label", "code": "already_exists", "field": "name"}]}',
        b'{"message": "Validation Failed", "errors": [{"resource": "Label", "code": "custom", "message": "name is taken"}]}',
        b'{"message": "Validation Failed", "errors": ["name has already been taken"]}',
        b'{"message": "Label already exists"}',
        b'{"message": "Validation Failed", "errors": "many"}',
        b'{"errors": null}',
        b"{}",
        b"",
        HTML,
    ],
)
def test_a_label_that_is_there_is_looked_up_however_github_says_so(github, tracker, data):
    world = github.world
    world.labels["P1"] = world.label("P1", "ffffff", "ours, said the team")
    github.fault("answer", "POST", "/labels", status=422, data=data, times=9)
    world.labels[LABEL] = world.label(LABEL, "ffffff", "ours")
    assert tracker.label_names()[LABEL] is True
    assert tracker.create("t", body("import-a"), (LABEL, "P1"), "o").labels == (LABEL, "P1")
    assert world.labels["P1"]["color"] == "ffffff"
    assert said(tracker) == []


def test_a_label_that_is_not_there_and_cannot_be_made_is_no_label_that_was_found(github, tracker):
    github.fault("answer", "POST", "/labels", status=422, data=b"{}", times=9)
    with pytest.raises(TrackerError, match="422"):
        tracker.label_names()


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/labels"), ("PATCH", "/labels/"), ("GET", "/labels/")]
)
def test_a_label_without_a_face_is_a_label(github, refusal, method, path):
    world = github.world
    world.labels["P1"] = world.label("P1", "ededed", None)
    github.fault("answer", method, path, **refusal)
    tracker = joined(github)
    tracker.issues()
    assert tracker.create("t", body("import-a"), (LABEL, "P1"), "o").labels == (LABEL, "P1")


def test_a_label_that_github_refuses_leaves_the_others_their_faces(github, tracker):
    github.fault("answer", "POST", "/labels", status=422, data=b"{}")
    tracker.create("t", body("import-a"), (LABEL, "P1"), "o")
    assert github.world.labels["P1"]["color"] != "ededed"


# Doctor.


@pytest.mark.parametrize(("graphql", "verdict"), [(True, "ok"), (False, "warn")])
def test_doctor_says_that_who_we_are_is_a_guess(github, graphql, verdict):
    from triagebot.trackers.diagnosis import judge

    github.world.actors["t0ken"].graphql = graphql
    [login] = [f for f in judge(probe(joined(github)), Config(), github.world.clock()) if f.name == "login"]
    assert login.verdict == verdict
    assert ("authors" in login.advice) is not graphql


# What may not stay unknown is no optional question: an answer that makes no sense stops the run, whatever its shape.


def test_a_listing_that_is_refused_in_any_shape_is_no_empty_list(github, tracker, refusal):
    filed(github, "import-a")
    _ = tracker.trust
    github.fault("answer", "GET", "/issues", **refusal)
    with pytest.raises(TrackerError):
        tracker.issues()


def test_an_edit_that_is_refused_in_any_shape_fails_with_words(github, tracker, refusal):
    number = filed(github, "import-a")
    tracker.issues()
    github.fault("answer", "PATCH", f"/issues/{number}", **refusal)
    with pytest.raises(TrackerError):
        tracker.update(number, Edit(title="new"))
