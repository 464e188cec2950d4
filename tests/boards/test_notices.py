"""What a chat is told: urgent causes that are new, back or closed, and scopes that fell silent; once, and never anything else."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.cli.conftest import CONFIG, STAGING
from triagebot.boards import notices
from triagebot.config import Config, Notify
from triagebot.history import Past, PastRun
from triagebot.issues import Issue, Marker
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.notifying import URL, notify
from triagebot.plans.model import (
    Absent,
    AddComment,
    CloseIssue,
    EditIssue,
    OpenIssue,
    Outcome,
    Present,
    ReopenIssue,
)
from triagebot.redact import Fact
from triagebot.reports.model import Scope

HERE = Present("open", "")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOSTILE = (
    "<!channel> <https://evil.example|click> *bold* @here [x](javascript:alert(1)) \u202egpj.exe\n## big"
)


class Chat:
    """A webhook on loopback: what came in, and with which status it answers."""

    def __init__(self) -> None:
        self.came: list[dict] = []
        self.status = 200
        chat = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                chat.came.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                self.send_response(chat.status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/secret-path"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def chat():
    found = Chat()
    yield found
    found.server.shutdown()
    found.server.server_close()


def issue(number: int, priority: str = "P1", title: str = "Broken") -> Issue:
    marker = Marker(f"k-{number}", 1, labels=("triagebot", priority))
    url = f"https://github.com/acme/shop/issues/{number}"
    return Issue(number, title, "", "open", ("triagebot", priority), "bot", marker, url=url, own=True)


ROWS = [
    (OpenIssue("k-1", "o", Absent("k-1"), "t", "", ()), "applied", "new"),
    (ReopenIssue("k-1", 1, "o", HERE, ""), "applied", "came back"),
    (CloseIssue("k-1", 1, "o", HERE, "", "completed"), "applied", "closed"),
    (CloseIssue("k-1", 1, "o", HERE, "", "duplicate", 2), "applied", None),
    (EditIssue("k-1", 1, "o", HERE, ""), "applied", None),
    (AddComment("k-1", 1, "o", HERE, ""), "applied", None),
    (OpenIssue("k-1", "o", Absent("k-1"), "t", "", ()), "already", None),
    (OpenIssue("k-1", "o", Absent("k-1"), "t", "", ()), "failed", None),
]


@pytest.mark.parametrize(("change", "status", "what"), ROWS)
def test_only_what_is_new_back_or_closed_is_told(change, status, what):
    found = notices.happened([Outcome(change, status, 1)], [issue(1)], {}, Config())
    assert [told for told, _ in found] == ([what] if what else [])


@pytest.mark.parametrize(("priority", "told"), [("P1", True), ("P2", True), ("P3", False), ("P5", False)])
def test_only_urgent_causes_are_told(priority, told):
    change = OpenIssue("k-1", "o", Absent("k-1"), "t", "", ())
    assert bool(notices.happened([Outcome(change, "applied", 1)], [issue(1, priority)], {}, Config())) == told


@pytest.mark.parametrize(("to", "shape"), [("slack", notices.as_slack), ("teams", notices.as_teams)])
def test_hostile_text_stands_in_parts_that_nobody_parses(to, shape):
    told = notices.notice([("new", issue(1, title=HOSTILE))], [])
    sent = shape(told)
    texts = [t for t in strings(sent) if "channel" in t]
    assert len(texts) == 1
    assert "\n" not in texts[0]
    assert "\u202e" not in texts[0]
    if to == "slack":
        assert sent["text"] == "triagebot: 1 new"
        assert {block["type"] for block in sent["blocks"]} == {"rich_text"}
    else:
        (card,) = sent["attachments"]
        assert {line["type"] for line in card["content"]["body"]} == {"RichTextBlock"}


def strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in strings(one)]
    if isinstance(value, list):
        return [text for one in value for text in strings(one)]
    return [value] if isinstance(value, str) else []


def test_many_lines_are_cut_and_counted():
    told = notices.notice([("new", issue(n)) for n in range(1, 31)], [])
    assert (len(told.lines), told.more) == (notices.MOST, 10)
    assert "… and 10 more" in strings(notices.as_slack(told))


@pytest.mark.parametrize(("hours", "fell"), [(47, False), (49, True), (71, True), (73, False), (400, False)])
def test_a_scope_is_told_on_the_day_on_which_it_falls_silent(hours, fell):
    run = PastRun(Fact("r"), NOW - timedelta(hours=hours))
    past = Past(Scope(Fact("staging"), Fact("main")), (run,))
    assert bool(notices.fell_silent([past], NOW, 2)) == fell


def what_is_missing(chat: Chat, to: str = "slack", **environ: str) -> str:
    config = Config(notify=Notify(to))
    change = OpenIssue("k-1", "o", Absent("k-1"), "t", "", ())
    effects = Effects(environ={URL: chat.url, **environ})
    return notify([Outcome(change, "applied", 1)], [issue(1)], config, effects)


def test_one_message_goes_to_the_webhook(chat):
    assert what_is_missing(chat) == ""
    assert len(chat.came) == 1


def test_nothing_is_sent_unless_asked_for(chat):
    assert what_is_missing(chat, "off") == ""
    assert chat.came == []


@pytest.mark.parametrize("status", [302, 403, 404, 429, 500])
def test_a_webhook_that_refuses_is_a_remark_without_its_address(chat, status):
    chat.status = status
    said = what_is_missing(chat)
    assert f"the webhook answered {status}" in said
    assert "secret-path" not in said
    assert len(chat.came) == 1, "not tried twice"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/secret-path", "no address", "ftp://x/secret-path", "http://[::1/secret-path"]
)
def test_an_address_that_is_none_or_away_is_a_remark(chat, url):
    said = what_is_missing(chat, TRIAGEBOT_NOTIFY_URL=url)
    assert said.startswith("Nobody was told: the webhook did not take it")
    assert "secret-path" not in said


def test_a_missing_address_is_named(chat):
    assert f"{URL} is not set" in what_is_missing(chat, TRIAGEBOT_NOTIFY_URL="")


def test_a_triage_tells_once_and_a_second_one_of_the_same_run_tells_nothing(chat, triagebot, tmp_path):
    config = tmp_path / "config.toml"
    config.write_text(f'{CONFIG.read_text("utf-8")}\n[notify]\nto = "teams"\n', encoding="utf-8")
    for _ in range(2):
        said = triagebot(
            "triage",
            STAGING / "day-2-red/report.json",
            "--config",
            config,
            "--draft=digest",
            environ={URL: chat.url},
        )
        assert said.code == 0
    assert len(chat.came) == 1
    assert "triagebot: 3 new" in strings(chat.came[0])


def test_a_refusing_webhook_fails_no_run(chat, triagebot, tmp_path):
    chat.status = 500
    config = tmp_path / "config.toml"
    config.write_text(f'{CONFIG.read_text("utf-8")}\n[notify]\nto = "slack"\n', encoding="utf-8")
    said = triagebot(
        "triage",
        STAGING / "day-2-red/report.json",
        "--config",
        config,
        "--draft=digest",
        environ={URL: chat.url},
    )
    assert (said.code, "Nobody was told: the webhook answered 500" in said.err) == (0, True)
