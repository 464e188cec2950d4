"""The GitHub tracker through the real PyGithub against the double: each rule of conduct that lives in this room."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.doubles.github import BOT, Actor, GitHub
from triagebot.config import Alias, Config
from triagebot.issues import section_hash, write_marker
from triagebot.issues.model import Marker
from triagebot.plans.model import Absent, EditIssue, OpenIssue, Plan, Present
from triagebot.trackers import Edit, OvertakenError, TrackerError
from triagebot.trackers.applying import apply
from triagebot.trackers.github import GitHubTracker, Pace, connect, responses
from triagebot.trackers.github.tracker import CALM_S

LABEL = "triagebot"
FAST = Pace(0, 0)
HURRIED = Pace(0, 0, timeout_s=1)
Connect = Callable[..., GitHubTracker]


@pytest.fixture
def tracker(github: GitHub) -> GitHubTracker:
    return joined(github)


def joined(github: GitHub, config: Config | None = None, **more: object) -> GitHubTracker:
    environ = {"GITHUB_TOKEN": "t0ken", "GITHUB_REPOSITORY": "acme/shop", "GITHUB_API_URL": github.url}
    environ |= more.pop("environ", {})
    clock = github.world.clock
    more = {"pace": FAST} | more
    tracker = connect(environ, config or Config(), now=clock, pause=clock.sleep, **more)
    github.clients.append(tracker)
    return tracker


def body(key: str, once: str = "o", **more: object) -> str:
    marker = write_marker(Marker(key=key, algorithm=1, once=(once,), **more))
    return f"{marker}\n<!-- triagebot:begin -->\nwhat broke\n<!-- triagebot:end -->"


def filed(
    github: GitHub, key: str, user: str = BOT, labels: tuple[str, ...] = (LABEL,), **more: object
) -> int:
    return github.world.open(f"{key} broke", body(key), user, labels, **more).number


def keys(tracker: GitHubTracker) -> list[str | None]:
    return [issue.marker.key if issue.marker else None for issue in tracker.issues()]


# Rule 1 and 2: identity is the marker, found by listing.


def test_lists_open_and_closed_issues_over_all_pages_and_drops_pull_requests(github, tracker):
    for number in range(205):
        filed(github, f"http.status-{number:012}")
    github.world.close(7, "ada")
    filed(github, "pr-1", pull_request=True)
    issues = tracker.issues()
    assert [issue.number for issue in issues] == list(range(1, 206))
    assert issues[6].state == "closed"
    assert github.count("GET", "/issues") == 3


def test_a_listing_never_asks_the_search(github, tracker):
    filed(github, "import-a")
    tracker.issues()
    assert github.count(path="search") == 0


@pytest.mark.parametrize(
    ("author", "config", "trusted"),
    [
        (BOT, Config(), True),
        ("mallory", Config(), False),
        ("old-bot", Config(authors=("old-bot",)), True),
        ("Old-Bot", Config(authors=("old-bot",)), True),
        ("mallory", Config(authors=("old-bot",)), False),
    ],
)
def test_a_marker_counts_only_under_our_login_and_configured_authors(github, author, config, trusted):
    filed(github, "import-a", user=author)
    assert keys(joined(github, config)) == ["import-a" if trusted else None]


def test_two_markers_in_one_issue_are_a_problem_and_neither_counts(github, tracker):
    github.world.open("t", body("import-a") + "\n" + body("import-b"), BOT, (LABEL,))
    assert keys(tracker) == [None]
    assert "2 markers" in tracker.problems[0].reason


def test_an_adopted_issue_is_read_though_it_has_no_label(github):
    number = github.world.open("by hand", "words", "ada").number
    tracker = joined(github, Config(aliases=(Alias(key="import-a", issue=number),)))
    assert [issue.number for issue in tracker.issues()] == [number]


@pytest.mark.parametrize(("key", "believed"), [("import-a", True), ("import-b", False)])
def test_in_an_adopted_issue_only_a_marker_of_the_adopted_key_counts(github, key, believed):
    number = filed(github, key, user="ada", labels=())
    tracker = joined(github, Config(aliases=(Alias(key="import-a", issue=number),)))
    assert (tracker.issues()[0].marker is not None) is believed


def test_an_app_token_has_the_apps_login(github):
    github.world.actors["app"] = Actor("triage-app[bot]")
    filed(github, "import-a", user="triage-app[bot]")
    assert keys(joined(github, environ={"GITHUB_TOKEN": "app"})) == ["import-a"]


# Rule 3: an incomplete listing is refused; what is known and missing is asked for.


@pytest.mark.parametrize("kind", ["html", "object", "cut json"])
def test_a_200_that_is_no_list_is_an_outage_and_not_an_empty_list(github, tracker, kind):
    filed(github, "import-a")
    github.fault(kind, "GET", "/issues", times=9)
    with pytest.raises(TrackerError, match=r"something else|cut off"):
        tracker.issues()


@pytest.mark.parametrize("kind", ["empty page", "short page"])
def test_a_page_that_is_shorter_than_the_pages_after_it_allow_is_refused(github, tracker, kind):
    for number in range(205):
        filed(github, f"http.status-{number:012}")
    github.fault(kind, "GET", "/issues", skip=1 if kind == "empty page" else 0)
    with pytest.raises(TrackerError, match="incomplete"):
        tracker.issues()


def test_a_stale_list_is_mended_by_what_a_history_knows(github):
    first = filed(github, "import-a")
    second = filed(github, "import-b")
    github.world.comment(first, "ada", "seen")
    github.fault("stale", "GET", "/issues")
    tracker = joined(github, known=(first, second))
    assert keys(tracker) == ["import-a", "import-b"]


@pytest.mark.parametrize("gone", ["deleted", "deleted for outsiders", "transferred"])
def test_a_known_issue_that_was_deleted_or_moved_is_gone(github, gone):
    number = filed(github, "import-a")
    github.world.issues[number].gone = gone
    assert keys(joined(github, known=(number,))) == []


def test_a_known_issue_without_our_label_is_still_shown_so_that_nothing_is_opened_in_its_place(github):
    number = filed(github, "import-a")
    github.world.remove_label(number, LABEL, "ada")
    issues = joined(github, known=(number,)).issues()
    assert [(issue.marker.key, issue.labels) for issue in issues] == [("import-a", ())]


def test_any_other_answer_about_a_known_issue_refuses_the_whole_listing(github):
    number = filed(github, "import-a", labels=())
    github.fault("403 forbidden", "GET", f"/issues/{number}", times=9)
    with pytest.raises(TrackerError, match="refused"):
        joined(github, known=(number,)).issues()


def test_a_repository_that_was_renamed_keeps_its_issues(github):
    number = filed(github, "import-a")
    tracker = joined(github)
    github.world.told_name = "Shop-Renamed"
    assert tracker.read(number) is not None


# Rule 4: nothing is made twice.


@pytest.mark.parametrize("kind", ["502 after", "504 after", "drop after"])
def test_a_create_that_took_effect_before_the_error_is_found_and_not_repeated(github, tracker, kind):
    tracker.issues()
    github.fault(kind, "POST", "/issues")
    issue = tracker.create("t", body("import-a", once="abc"), (LABEL,), "abc")
    assert issue.number == 1
    assert list(github.world.issues) == [1]


@pytest.mark.parametrize("kind", ["500 before", "502 before", "503 before", "drop before"])
def test_a_create_that_came_to_nothing_is_made_again(github, tracker, kind):
    github.fault(kind, "POST", "/issues")
    assert tracker.create("t", body("import-a"), (LABEL,), "o").number == 1
    assert list(github.world.issues) == [1]


def test_a_create_that_stays_unknown_fails_loudly(github, tracker):
    tracker.issues()
    github.fault("502 before", "POST", "/issues", times=9)
    with pytest.raises(TrackerError, match="not there afterwards"):
        tracker.create("t", body("import-a"), (LABEL,), "o")


def test_a_lookup_that_fails_after_an_unknown_create_aborts_and_makes_no_second_issue(github, tracker):
    tracker.issues()
    github.fault("502 after", "POST", "/issues")
    github.fault("html", "GET", "/issues", times=99)
    with pytest.raises(TrackerError):
        tracker.create("t", body("import-a"), (LABEL,), "o")
    assert list(github.world.issues) == [1]


@pytest.mark.parametrize(("kind", "at_least"), [("403 secondary", 60), ("429", 60), ("403 primary", 30)])
def test_a_limited_create_waits_as_told_and_asks_again(github, tracker, kind, at_least):
    tracker.issues()
    lists = github.count("GET", "/issues")
    github.fault(kind, "POST", "/issues")
    assert tracker.create("t", body("import-a"), (LABEL,), "o").number == 1
    assert sum(github.world.clock.slept) >= at_least
    assert github.count("GET", "/issues") == lists


@pytest.mark.parametrize("kind", ["502 after", "drop after"])
def test_a_comment_that_took_effect_before_the_error_is_not_repeated(github, tracker, kind):
    number = filed(github, "import-a")
    github.fault(kind, "POST", "/comments")
    tracker.comment(number, "<!-- triagebot once -->\nIt came back.  \r\n")
    assert [c.body for c in github.world.issues[number].comments] == [
        "<!-- triagebot once -->\nIt came back.  \r\n"
    ]


def test_somebody_elses_equal_comment_is_not_taken_for_ours(github, tracker):
    number = filed(github, "import-a")
    github.world.comment(number, "mallory", "It came back.")
    github.fault("502 before", "POST", "/comments")
    tracker.comment(number, "It came back.")
    assert [c.user for c in github.world.issues[number].comments] == ["mallory", BOT]
    assert list(tracker.comments(number)) == ["It came back."]


def test_after_a_create_a_fresh_look_finds_the_issue_that_another_run_made(github, tracker):
    tracker.issues()
    mine = tracker.create("t", body("import-a"), (LABEL,), "o").number
    theirs = filed(github, "import-a")
    assert [issue.number for issue in tracker.holding({"import-a"}, fresh=True)] == [mine, theirs]


def test_a_fresh_look_costs_one_list_whatever_the_tracker_holds(github, tracker):
    for number in range(300):
        filed(github, f"http.status-{number:012}")
    github.world.clock.now += timedelta(minutes=5)
    tracker.issues()
    assert github.count("GET", "/issues") == 3
    tracker.holding({"x"}, fresh=True)
    assert github.count("GET", "/issues") == 4


def test_a_duplicate_is_closed_with_the_id_of_the_original(github, tracker):
    first, second = filed(github, "import-a"), filed(github, "import-a")
    tracker.issues()
    issue = tracker.update(second, Edit(state="closed", state_reason="duplicate", duplicate_of=first))
    assert (issue.state_reason, issue.duplicate_of) == ("duplicate", first)
    assert github.world.issues[second].duplicate_of == github.world.issues[first].id


# API facts: limits, outages, permissions.


@pytest.mark.parametrize(
    "kind", ["500 before", "502 before", "502 after", "503 before", "429", "403 secondary", "drop before"]
)
@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_reads_and_edits_are_repeated(github, tracker, kind, method):
    number = filed(github, "import-a")
    github.fault(kind, method, f"/issues/{number}", times=2)
    issue = tracker.read(number) if method == "GET" else tracker.update(number, Edit(title="new"))
    assert issue.title == ("import-a broke" if method == "GET" else "new")
    assert tracker.budget.retries == 2
    assert sum(github.world.clock.slept) >= (180 if kind in ("429", "403 secondary") else 3)


def test_a_server_that_never_answers_is_given_up_on(github):
    number = filed(github, "import-a")
    github.fault("hang", "POST", "/comments", times=1)
    joined(github, pace=HURRIED).comment(number, "hello")
    assert len(github.world.issues[number].comments) == 1


def test_retry_after_is_obeyed_to_the_second(github, tracker):
    number = filed(github, "import-a")
    github.fault("429", "GET", f"/issues/{number}", retry_after=17)
    tracker.read(number)
    assert github.world.clock.slept == [17.0]


def test_a_limit_that_asks_for_an_hour_ends_the_run_with_words_instead_of_sleeping(github, tracker):
    number = filed(github, "import-a")
    github.fault("429", "GET", f"/issues/{number}", retry_after=3600)
    with pytest.raises(TrackerError, match="60 minutes"):
        tracker.read(number)
    assert github.world.clock.slept == []


def test_an_outage_that_lasts_ends_in_words(github, tracker):
    number = filed(github, "import-a")
    github.fault("502 before", "GET", f"/issues/{number}", times=99)
    with pytest.raises(TrackerError, match="did not answer"):
        tracker.read(number)


def test_a_token_that_may_not_write_is_told_what_it_lacks(github, tracker):
    github.world.actors["t0ken"].permissions["issues"] = "read"
    number = filed(github, "import-a")
    with pytest.raises(TrackerError, match="token needs issues: write"):
        tracker.update(number, Edit(title="new"))
    with pytest.raises(TrackerError, match="token needs issues: write"):
        tracker.create("t", body("k"), (LABEL,), "o")
    assert list(github.world.issues) == [number]


def test_bad_credentials_end_in_words(github):
    with pytest.raises(TrackerError, match="Bad credentials"):
        joined(github, environ={"GITHUB_TOKEN": "wrong"}).issues()


def test_disabled_issues_end_in_words_and_are_no_empty_list(github, tracker):
    github.world.has_issues = False
    with pytest.raises(TrackerError, match="404"):
        tracker.issues()


def test_labels_that_github_drops_silently_are_noticed(github, tracker):
    github.world.actors["t0ken"].push = False
    with pytest.raises(TrackerError, match="dropped the label"):
        tracker.create("t", body("import-a"), (LABEL,), "o")


def test_the_budget_counts_requests_and_says_what_is_left(github, tracker):
    number = filed(github, "import-a")
    tracker.issues()
    tracker.update(number, Edit(title="new"))
    budget = tracker.budget
    assert (budget.lists, budget.writes, budget.remaining, budget.limit) == (1, 1, 998, 1000)
    assert str(budget) == "3 requests (1 lists, 1 writes, 0 retries), 998 of 1000 left this hour"


# Labels and edits.


def test_labels_get_a_face_when_made_and_people_keep_theirs(github, tracker):
    world = github.world
    world.labels["P1"] = world.label("P1", "ffffff", "ours, said the team")
    world.labels["flaky"] = world.label("flaky", "ededed", None)
    tracker.create("t", body("import-a"), (LABEL, "P1", "flaky", "area: checkout"), "o")
    assert world.labels["P1"]["color"] == "ffffff"
    assert world.labels["flaky"]["description"] == "Passes and fails on the same commit"
    assert world.labels["area: checkout"]["color"] == "c5def5"
    assert world.labels[LABEL]["color"] == "5319e7"


def test_a_label_whose_face_is_known_from_a_listing_costs_nothing(github, tracker):
    tracker.create("t", body("import-a"), (LABEL, "P1"), "o")
    again = joined(github)
    again.issues()
    before = len(github.exchanges)
    again.create("u", body("import-b"), (LABEL, "P1"), "p")
    assert len(github.exchanges) - before == 1


def test_an_edit_changes_what_it_names_and_nothing_else_in_one_write(github, tracker):
    number = filed(github, "import-a", labels=(LABEL, "P3", "team: web"))
    tracker.issues()
    tracker.read(number)
    before = len(github.exchanges)
    issue = tracker.update(
        number, Edit(body="new", state="closed", state_reason="completed", add=("P1",), remove=("P3",))
    )
    label_made = 1
    assert len(github.exchanges) - before == 1 + label_made
    assert (issue.body, issue.state, issue.state_reason) == ("new", "closed", "completed")
    assert set(issue.labels) == {LABEL, "team: web", "P1"}
    assert issue.title == "import-a broke"


def test_labels_alone_are_added_and_removed_without_touching_the_others(github, tracker):
    number = filed(github, "import-a", labels=(LABEL, "P3"))
    tracker.issues()
    github.world.add_labels(github.world.issues[number], ["human"], "ada")
    issue = tracker.update(number, Edit(add=("regression",), remove=("P3", "never there")))
    assert set(issue.labels) == {LABEL, "human", "regression"}
    assert github.count("PATCH", "/issues/") == 0


def test_a_body_may_be_as_long_as_github_allows_and_longer_ends_in_words(github, tracker):
    assert tracker.create("t", body("k").ljust(65_536, "x"), (LABEL,), "o").number == 1
    with pytest.raises(TrackerError, match="422"):
        tracker.create("t", body("k").ljust(65_537, "x"), (LABEL,), "o")


# Rules 6, 7 and 11: what closed it, what it is a duplicate of, who may steer.


def test_the_commit_that_closed_an_issue_last_is_its_fix(github, tracker):
    number = filed(github, "import-a")
    github.world.close(number, "ada", commit="a" * 40)
    github.world.reopen(number, "ada")
    github.world.close(number, "ada", commit="b" * 40)
    issue = tracker.with_closing(tracker.read(number))
    assert issue.closed_commit == "b" * 40


def test_an_issue_that_a_pull_request_closed_has_its_merge_commit_as_fix_for_one_more_request(
    github, tracker
):
    number = filed(github, "import-a")
    github.world.close_by_pull(number, "ada", "c" * 40)
    issue = tracker.read(number)
    before = len(github.exchanges)
    assert tracker.with_closing(issue).closed_commit == "c" * 40
    assert [e.path for e in github.exchanges[before:]] == [
        f"/repos/acme/shop/issues/{number}/events",
        "/graphql",
    ]


@pytest.mark.parametrize("reason", ["duplicate", "not_planned"])
def test_what_people_do_not_want_fixed_is_not_asked_for_its_fix(github, tracker, reason):
    number = filed(github, "import-a")
    github.world.close(number, "ada", reason)
    before = github.count("POST", "/graphql")
    assert tracker.with_closing(tracker.read(number)).closed_commit is None
    assert github.count("POST", "/graphql") == before + 1, "who we are, and nothing else"


@pytest.mark.parametrize(
    "odd",
    [
        {"data": None, "errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]},
        {"errors": [{"message": "Something went wrong while executing your query."}]},
        {"data": {"repository": None}},
        {"data": {"repository": {"issue": {"timelineItems": {"nodes": "many"}}}}},
        {"message": "Moved"},
        [],
    ],
)
def test_an_odd_answer_about_a_closing_is_an_outage_and_no_unknown_fix(odd):
    with pytest.raises(TrackerError, match="what closed an issue"):
        responses.closing_commit(odd)


def test_a_closing_that_the_token_may_not_look_into_names_the_permission():
    hidden = {"data": {"repository": {"issue": None}}, "errors": [{"type": "FORBIDDEN"}]}
    with pytest.raises(TrackerError, match="pull-requests: read"):
        responses.closing_commit(hidden)


def test_an_issue_that_a_person_closed_by_hand_has_no_fix(github, tracker):
    number = filed(github, "import-a")
    github.world.close(number, "ada")
    assert tracker.with_closing(tracker.read(number)).closed_commit is None


def test_a_duplicate_leads_where_whoever_closed_it_said(github, tracker):
    number = filed(github, "import-a")
    github.world.comment(number, "mallory", "Duplicate of #666")
    github.world.comment(number, "ada", "Duplicate of #12")
    github.world.close(number, "ada", "duplicate")
    assert tracker.with_closing(tracker.read(number)).duplicate_of == 12


@pytest.mark.parametrize(
    ("commit", "ancestor", "contained"),
    [("c", "a", True), ("a", "c", False), ("a", "a", True), ("c", "d", False), ("c", "unknown", None)],
)
def test_ancestry_comes_from_the_compare_endpoint(github, tracker, commit, ancestor, contained):
    for sha, *parents in (["a"], ["b", "a"], ["c", "b"], ["d", "a"]):
        github.world.commit(sha, *parents)
    assert tracker.contains(commit, ancestor) is contained


def test_an_outage_of_the_compare_endpoint_is_no_answer(github, tracker):
    github.world.commit("a")
    github.fault("html", "GET", "/compare", times=9)
    with pytest.raises(TrackerError, match="JSON"):
        tracker.contains("a", "a")


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("admin", True),
        ("maintain", True),
        ("write", True),
        ("triage", True),
        ("read", False),
        ("none", False),
        ("unknown", False),
    ],
)
def test_only_people_with_triage_permission_steer(github, tracker, role, may):
    github.world.roles["ada"] = role
    assert tracker.conversation.may_command("ada") is may


# Rule 4 again, for edits: there is no compare-and-swap, so what was written is looked at once more.


def test_an_edit_that_a_racing_run_overwrote_is_stale_and_not_called_applied(github, tracker):
    number = filed(github, "import-a")
    before = github.world.issues[number].body
    section = body("import-a", once="1" * 64)
    change = EditIssue("import-a", number, "1" * 64, Present("open", section_hash(before)), section)

    def overwrite(method: str, path: str, _token: str) -> None:
        if method == "GET" and path.endswith("/issues") and github.count("PATCH"):
            github.world.issues[number].body = before

    tracker.issues()
    github.gate = overwrite
    [outcome] = apply(Plan("r", (change,)), tracker)
    assert outcome.status == "stale"
    assert "at the same time" in outcome.detail
    github.gate = None
    [outcome] = apply(Plan("r", (change,)), tracker, again=True)
    assert outcome.status == "applied"


@pytest.mark.parametrize("kind", ["429", "403 secondary", "502 before", "drop before"])
def test_an_edit_that_had_to_wait_does_not_go_over_what_came_meanwhile(github, tracker, kind):
    number = filed(github, "import-a")
    tracker.read(number)
    theirs = body("import-a", once="2" * 64)

    def overtake(method: str, _path: str, _token: str) -> None:
        if method == "PATCH":
            github.world.issues[number].body = theirs

    github.gate = overtake
    github.fault(kind, "PATCH", f"/issues/{number}")
    with pytest.raises(OvertakenError, match="at the same time"):
        tracker.update(number, Edit(body=body("import-a", once="1" * 64)))
    assert github.world.issues[number].body == theirs


@pytest.mark.parametrize("kind", ["502 after", "504 after", "drop after"])
def test_an_edit_that_was_made_without_an_answer_is_seen_and_not_made_again(github, tracker, kind):
    number = filed(github, "import-a")
    tracker.read(number)
    ours = body("import-a", once="1" * 64)
    github.fault(kind, "PATCH", f"/issues/{number}")
    assert tracker.update(number, Edit(body=ours)).body == ours
    assert github.count("PATCH") == 1


def test_a_read_that_is_seconds_old_is_not_written_upon(github, tracker):
    number = filed(github, "import-a")
    tracker.read(number)
    github.world.clock.now += timedelta(seconds=3)
    github.world.issues[number].body = body("import-a", once="2" * 64)
    with pytest.raises(OvertakenError):
        tracker.update(number, Edit(body=body("import-a", once="1" * 64)))
    assert github.count("PATCH") == 0


def test_an_issue_that_was_closed_while_an_edit_waited_is_left_alone(github, tracker):
    number = filed(github, "import-a")
    tracker.read(number)
    github.world.clock.now += timedelta(seconds=3)
    github.world.close(number, "ada")
    with pytest.raises(OvertakenError):
        tracker.update(number, Edit(body=body("import-a", once="1" * 64)))


def edit_of(github, number):
    before = github.world.issues[number].body
    section = body("import-a", once="1" * 64)
    return EditIssue("import-a", number, "1" * 64, Present("open", section_hash(before)), section)


@pytest.mark.parametrize(("alone", "rested"), [(True, [CALM_S]), (False, [])])
def test_where_no_history_keeps_an_edit_the_second_look_waits_for_writes_under_way(
    github, tracker, alone, rested
):
    number = filed(github, "import-a")
    tracker.issues()
    [outcome] = apply(Plan("r", (edit_of(github, number),)), tracker, alone=alone)
    assert outcome.status == "applied"
    assert github.world.clock.slept == rested
    assert tracker.budget.retries == 0


def test_what_is_only_opened_waits_for_nobody(github, tracker):
    once = "1" * 64
    change = OpenIssue("import-a", once, Absent("import-a"), "a", body("import-a", once=once), (LABEL,))
    [outcome] = apply(Plan("r", (change,)), tracker, alone=True)
    assert outcome.status == "applied"
    assert github.world.clock.slept == []


@pytest.mark.parametrize(
    ("alone", "times", "status"), [(True, 2, "failed"), (True, 1, "applied"), (False, 2, "applied")]
)
def test_where_no_history_keeps_an_edit_a_second_look_that_fails_is_said(
    github, tracker, alone, times, status
):
    number = filed(github, "import-a")
    tracker.issues()
    github.fault("object", "GET", "/shop/issues", skip=1, times=times)
    [outcome] = apply(Plan("r", (edit_of(github, number),)), tracker, alone=alone)
    assert outcome.status == status


# What it may cost.


def test_thirty_causes_against_three_hundred_issues_cost_four_lists_one_read_and_one_write_each(
    github, tracker
):
    numbers = [filed(github, f"http.status-{n:012}") for n in range(300)]
    github.world.clock.now += timedelta(days=1)
    changes = []
    for number in numbers[:25]:
        once = f"{number:064}"
        expects = Present("open", section_hash(github.world.issues[number].body))
        changes.append(
            EditIssue(
                f"http.status-{number - 1:012}", number, once, expects, body("k", once=once), add=(LABEL,)
            )
        )
    for number in range(5):
        key, once = f"import-{number}", f"{900 + number:064}"
        changes.append(OpenIssue(key, once, Absent(key), key, body(key, once=once), (LABEL,)))
    tracker.issues()
    outcomes = apply(Plan("r", tuple(changes)), tracker)
    assert {outcome.status for outcome in outcomes} == {"applied"}
    assert github.count("GET", "/repos/acme/shop/issues") - github.count("GET", "/issues/") == 4
    assert github.count("GET", "/issues/") == 25
    assert github.count("PATCH", "/issues/") == 25
    assert github.count("POST", "/shop/issues") == 5
    login, face_of_the_label = 1, 1
    assert len(github.exchanges) == 4 + 25 + 25 + 5 + login + face_of_the_label
