"""How our issues are listed: by our login where that shows little else, by our label otherwise, complete both ways."""

import pytest

from tests.doubles.github import BOT
from tests.trackers.test_github_tracker import LABEL, filed, joined, keys
from triagebot.config import Alias, Config
from triagebot.trackers import Edit, TrackerError
from triagebot.trackers.github import requests

BY_LABEL = Config(authors=("old-bot",))
"""Issues of several logins are listed by label."""


def many(github, number, **more):
    return [filed(github, f"http.status-{n:012}", **more) for n in range(number)]


def crowd(github, number):
    """Pull requests that other workflows opened under the login that we share with them."""
    for _ in range(number):
        github.world.open("Update dependencies", "words", BOT, pull_request=True)


def lists(github):
    """Which filters the lists of issues asked with."""
    asked = (e.query for e in github.exchanges if e.path.endswith("/issues") and e.method == "GET")
    return [" ".join(name for name in ("creator", "labels") if name in query) for query in asked]


def numbers(issues):
    return [issue.number for issue in issues]


# What people took our label off.


def test_a_list_by_login_shows_what_people_took_our_label_off_without_another_request(github):
    many(github, 3)
    github.world.remove_label(2, LABEL, "ada")
    tracker = joined(github)
    assert numbers(tracker.issues()) == [1, 3]
    assert numbers(tracker.let_go({"http.status-000000000001", "import-a"})) == [2]
    assert lists(github) == ["creator"]


def test_it_does_so_however_much_was_written_since(github):
    many(github, 150)
    github.world.remove_label(2, LABEL, "ada")
    github.world.clock.sleep(60)
    for number in range(3, 151):
        github.world.comment(number, "ada", "seen")
    tracker = joined(github)
    tracker.issues()
    assert numbers(tracker.let_go({"http.status-000000000001"})) == [2]


@pytest.mark.parametrize("config", [Config(), BY_LABEL])
def test_what_people_let_go_and_no_cause_of_this_run_needs_stays_out_of_sight(github, config):
    many(github, 2)
    github.world.remove_label(2, LABEL, "ada")
    tracker = joined(github, config)
    tracker.issues()
    assert tracker.let_go({"import-a"}) == []
    assert numbers(tracker.listed) == [1]


@pytest.mark.parametrize("config", [Config(), BY_LABEL])
def test_a_strangers_copy_without_our_label_is_no_issue_that_we_let_go(github, config):
    filed(github, "import-a", user="mallory", labels=())
    tracker = joined(github, config)
    tracker.issues()
    assert tracker.let_go({"import-a"}) == []


def test_the_last_issue_of_ours_without_its_label_is_found_too(github):
    filed(github, "import-a", labels=())
    tracker = joined(github)
    assert tracker.issues() == []
    assert numbers(tracker.let_go({"import-a"})) == [1]
    assert lists(github) == ["creator", "labels"]


# A login that we share.


def test_under_a_crowded_login_we_list_by_label_and_ask_for_what_was_let_go(github):
    many(github, 3)
    crowd(github, 250)
    github.world.remove_label(2, LABEL, "ada")
    github.world.clock.sleep(60)
    github.world.comment(2, "ada", "this one is ours now")
    tracker = joined(github)
    assert numbers(tracker.issues()) == [1, 3]
    assert numbers(tracker.let_go({"http.status-000000000001"})) == [2]
    assert lists(github) == ["creator", "labels", "creator"]


def test_a_crowd_that_comes_later_is_left_where_it_begins(github):
    many(github, 120)
    crowd(github, 500)
    assert len(joined(github).issues()) == 120
    assert lists(github) == ["creator", "creator", "labels", "labels"]


def test_a_crowd_that_fits_on_the_last_page_is_no_reason_to_list_again(github):
    many(github, 3)
    crowd(github, 90)
    assert len(joined(github).issues()) == 3
    assert lists(github) == ["creator"]


# A list by login proves something only if it shows some of ours.


def test_a_filter_that_does_not_know_our_login_is_not_taken_for_an_empty_repository(github):
    many(github, 3)
    github.world.knows_apps = False
    assert len(joined(github).issues()) == 3
    assert lists(github) == ["creator", "labels"]


def test_a_filter_that_refuses_our_login_is_done_without(github):
    many(github, 3)
    github.world.refuses_apps = True
    tracker = joined(github)
    assert len(tracker.issues()) == 3
    assert tracker.let_go({"http.status-000000000001"}) == []
    assert lists(github) == ["creator", "labels", "creator"]


def test_issues_of_several_logins_are_listed_by_label(github):
    filed(github, "import-a", user="old-bot")
    filed(github, "import-b")
    tracker = joined(github, BY_LABEL)
    assert keys(tracker) == ["import-a", "import-b"]
    assert lists(github) == ["labels"]


def test_our_own_login_among_the_authors_makes_no_second_one(github):
    filed(github, "import-a")
    assert keys(joined(github, Config(authors=(BOT,)))) == ["import-a"]
    assert lists(github) == ["creator"]


def test_an_adopted_issue_is_somebody_elses_and_read_by_its_number(github):
    many(github, 2)
    adopted = filed(github, "import-a", user="ada")
    tracker = joined(github, Config(aliases=(Alias(key="import-a", issue=adopted),)))
    assert numbers(tracker.issues()) == [1, 2, adopted]
    assert github.count("GET", f"/issues/{adopted}") == 1


# Complete, or refused.


@pytest.mark.parametrize("config", [Config(), BY_LABEL])
@pytest.mark.parametrize(("kind", "skip"), [("empty page", 1), ("short page", 0), ("short page", 1)])
def test_a_list_with_a_hole_is_refused(github, config, kind, skip):
    many(github, 205)
    github.fault(kind, "GET", "/issues", skip=skip)
    with pytest.raises(TrackerError, match="incomplete"):
        joined(github, config).issues()


@pytest.mark.parametrize("config", [Config(), BY_LABEL])
def test_a_list_without_an_end_is_refused(github, config, monkeypatch):
    monkeypatch.setattr(requests, "_MAX_PAGES", 1)
    many(github, 101)
    with pytest.raises(TrackerError, match="no end"):
        joined(github, config).issues()


def test_after_a_list_that_failed_nothing_of_it_is_used(github):
    many(github, 205)
    tracker = joined(github)
    github.fault("empty page", "GET", "/issues", skip=1)
    with pytest.raises(TrackerError):
        tracker.issues()
    assert tracker.listed == []


@pytest.mark.parametrize("config", [Config(), BY_LABEL])
def test_a_stale_list_is_mended_by_what_is_known(github, config):
    known = many(github, 2)
    github.world.comment(1, "ada", "seen")
    github.fault("stale", "GET", "/issues", times=2)
    assert numbers(joined(github, config, known=known).issues()) == known


def test_a_second_look_that_lacks_what_we_wrote_asks_for_it(github):
    many(github, 2)
    tracker = joined(github)
    tracker.issues()
    tracker.update(1, Edit(body="ours"))
    github.world.issues[1].body = "another run's"
    github.fault("short page", "GET", "/issues")
    tracker.holding(["http.status-000000000000"], fresh=True)
    assert [issue.body for issue in tracker.listed if issue.number == 1] == ["another run's"]


def test_a_label_taken_off_while_the_pages_are_turned_hides_no_other_issue(github):
    many(github, 205)

    def unlabel(method: str, path: str, _token: str) -> None:
        if method == "GET" and path.endswith("/issues") and github.count("GET", "/issues") == 1:
            github.world.remove_label(1, LABEL, "ada")

    github.gate = unlabel
    assert numbers(joined(github).issues()) == list(range(1, 206))
