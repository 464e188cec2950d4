"""Artifacts of another run through real HTTP: streamed, capped, and the token stays with the API."""

import io
import zipfile

import pytest

from triagebot.config import Limits
from triagebot.errors import UserError
from triagebot.reports.model import Problem
from triagebot.sources.allowance import Allowance
from triagebot.sources.archives import Blob
from triagebot.sources.artifacts import Host, OtherRun, fetch, other_run

JUNIT = b'<testsuites><testsuite name="s"><testcase name="a" classname="b"/></testsuite></testsuites>'
EVIL = "$(touch pwned) `id` \"'; --\n"


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


@pytest.fixture
def host(github):
    return Host(github.url, "acme/shop", "t0ken", github.world.clock.sleep)


def read(path, host, **limits):
    return list(fetch(path, host, Allowance(Limits(**limits))))


def test_reads_the_reports_of_every_artifact_that_the_pattern_names(github, host):
    github.world.upload(5, "staging-2", zipped(junit__xml=JUNIT))
    github.world.upload(5, "staging-1", zipped(junit__xml=JUNIT, logo__png=b"\x89PNG"))
    github.world.upload(5, "coverage", zipped(junit__xml=JUNIT))
    github.world.upload(6, "staging-1", zipped(junit__xml=JUNIT))
    assert read("artifacts:5/staging-*", host) == [
        Blob("staging-1.zip!junit.xml", JUNIT),
        Blob("staging-2.zip!junit.xml", JUNIT),
    ]


def test_lists_more_artifacts_than_a_page_holds(github, host):
    for number in range(101):
        github.world.upload(5, f"leg-{number:03}", zipped(junit__xml=JUNIT))
    assert len(read("artifacts:5", host)) == 101
    assert github.count("GET", "/runs/5/artifacts") == 2


def test_the_token_is_not_sent_to_the_storage_host(github, host):
    github.world.upload(5, "a", zipped(junit__xml=JUNIT))
    assert read("artifacts:5", host)
    storage = [e for e in github.exchanges if "/storage/" in e.path]
    assert [e.token for e in storage] == [""]


def test_a_zip_that_says_it_is_too_large_is_not_downloaded(github, host):
    github.world.upload(5, "a", b"x" * 3_000_000)
    [problem] = read("artifacts:5", host, read_mb=1)
    assert "larger than" in problem.reason
    assert github.count(path="/storage/") == 0


def test_a_zip_that_lies_about_its_size_is_cut_off_while_it_streams(github, host, monkeypatch):
    github.world.upload(5, "a", b"x" * 3_000_000)
    monkeypatch.setattr("tests.doubles.github.shapes.len", lambda _: 10, raising=False)
    [problem] = read("artifacts:5", host, read_mb=1)
    assert "larger than" in problem.reason
    assert github.count(path="/storage/") == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"not a zip", "cannot be opened"),
        (b"", "cannot be opened"),
        (zipped(readme__md=b"hi"), "without a report"),
    ],
)
def test_a_damaged_or_empty_artifact_is_a_problem_and_the_others_are_read(github, host, data, reason):
    github.world.upload(5, "a", data)
    github.world.upload(5, "b", zipped(junit__xml=JUNIT))
    problem, blob = read("artifacts:5", host)
    assert isinstance(problem, Problem)
    assert reason in problem.reason
    assert blob == Blob("b.zip!junit.xml", JUNIT)


def test_an_expired_artifact_is_a_problem(github, host):
    github.world.upload(5, "a", zipped(junit__xml=JUNIT), expired=True)
    assert "expired" in read("artifacts:5", host)[0].reason


def test_an_artifact_that_expires_between_list_and_download_is_a_problem(github, host):
    artifact = github.world.upload(5, "a", zipped(junit__xml=JUNIT))
    reader = fetch("artifacts:5", host)
    github.script.choose = lambda *_: setattr(artifact, "expired", github.count() > 0)
    assert "expired" in next(reader).reason


@pytest.mark.parametrize(
    "path",
    [
        "artifacts:",
        "artifacts:x",
        "artifacts:5/",
        "artifacts:-1",
        "artifacts:5\n",
        "artifacts:5/" + "x" * 201,
    ],
)
def test_a_malformed_name_is_the_users_mistake(github, host, path):
    with pytest.raises(UserError, match="artifacts:RUN"):
        read(path, host)


def test_no_such_artifact_is_the_users_mistake(github, host):
    github.world.upload(5, "a", zipped(junit__xml=JUNIT))
    with pytest.raises(UserError, match="no artifact called nope"):
        read("artifacts:5/nope", host)


def test_names_of_artifacts_are_data(github, host):
    github.world.upload(5, f"../../etc/{EVIL}", zipped(junit__xml=JUNIT))
    assert read("artifacts:5", host) == [Blob(f"../../etc/{EVIL}.zip!junit.xml", JUNIT)]


PASSING = [
    ("502 before", "/artifacts"),
    ("403 secondary", "/artifacts"),
    ("html", "/artifacts"),
    ("502 before", "/zip"),
]
PASSING += [
    ("429", "/zip"),
    ("drop before", "/zip"),
    ("html", "/zip"),
    ("502 before", "/storage/"),
    ("drop before", "/storage/"),
]


@pytest.mark.parametrize(("kind", "path"), PASSING)
def test_a_passing_outage_is_waited_out(github, host, kind, path):
    github.world.upload(5, "a", zipped(junit__xml=JUNIT))
    github.fault(kind, "GET", path, times=2)
    assert read("artifacts:5", host) == [Blob("a.zip!junit.xml", JUNIT)]
    assert len(github.world.clock.slept) == 2


def test_an_outage_that_lasts_ends_in_words(github, host):
    github.world.upload(5, "a", zipped(junit__xml=JUNIT))
    github.fault("502 before", "GET", "/artifacts", times=99)
    with pytest.raises(UserError, match="502"):
        read("artifacts:5", host)


def test_a_token_without_actions_read_is_told_so(github, host):
    github.world.upload(5, "a", zipped(junit__xml=JUNIT))
    del github.world.actors["t0ken"].permissions["actions"]
    with pytest.raises(UserError, match="actions: read"):
        read("artifacts:5", host)


@pytest.mark.parametrize("location", ["file:///etc/passwd", "gopher://x/", "", "https://"])
def test_a_download_address_that_is_none_is_refused(github, host, location):
    github.world.upload(5, "a", zipped(junit__xml=JUNIT), location=location)
    with pytest.raises(UserError):
        read("artifacts:5", host)


@pytest.mark.parametrize(("home", "fork"), [("acme/shop", False), ("mallory/shop", True)])
def test_tells_whether_the_tested_code_came_from_a_fork(github, host, home, fork):
    github.world.upload(5, "a", b"")
    run = github.world.runs[5]
    run.head_repository, run.head_branch = home, EVIL
    url = "https://github.com/acme/shop/actions/runs/5"
    assert other_run(5, host) == OtherRun(5, 1, EVIL, "a" * 40, url, "failure", fork)
