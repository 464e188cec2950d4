"""Plays a scenario: several days of runs, human acts and faults, through the command line, PyGithub and the double.

In: a scenario as TOML tells it (see README.md in this folder). Out: nothing, or an AssertionError that names the step.
"""

import io
import json
import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from tests.doubles.github import BOT, START, Actor, Clock, GitHub
from triagebot.cli import run
from triagebot.cli.process import Process
from triagebot.cli.runner import argv_of, subject_of

ENVIRON = {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "acme/shop", "GITHUB_TOKEN": "t0ken"}
UNCOUNTED = re.compile(r"/labels$|/labels/[^/]+$|/graphql$")
CAUSE = re.compile(r"cause_([a-z0-9]{1,8})")


@dataclass
class Play:
    """One scenario under way."""

    github: GitHub
    folder: Path
    clock: Clock
    config: str = ""
    said: str = ""
    out: str = ""
    plan: dict[str, Any] = field(default_factory=dict)
    more: dict[str, str] = field(default_factory=dict)

    def step(self, step: dict[str, Any]) -> None:
        """Does one step and checks what it expects."""
        step = dict(step)
        if "day" in step:
            self.clock.now = START + timedelta(days=step.pop("day"))
        if "run" in step or "verb" in step:
            self.run(step)
        elif "sweep" in step:
            self.sweep(step)
        elif "listen" in step:
            self.listen(step)
        elif "board" in step:
            self.board(step)
        elif "act" in step:
            act(self.github, step)
        elif "said" in step:
            heard(self.github, step)
        elif "fault" in step:
            self.github.fault(step.pop("fault"), step.pop("method", None), step.pop("path", ""), **step)
            step.clear()
        elif "issue" in step:
            look(self.github, step)
        else:
            self.set(step)
        assert not step, f"unknown words: {step}"

    def set(self, step: dict[str, Any]) -> None:
        """Changes the world around the bot."""
        for name in list(step):
            value = step.pop(name)
            if name == "config":
                self.config = value
            elif name == "adopt":
                self.config += (
                    f'\n[[aliases]]\nkey = "{self.key(value["cause"])}"\nissue = {value["issue"]}\n'
                )
            elif name == "commits":
                for sha, *parents in (line.split() for line in value):
                    self.github.world.commit(sha, *parents)
            elif name == "files":
                self.github.world.files |= value
            elif name == "roles":
                self.github.world.roles |= value
            elif name == "token":
                self.github.world.actors["t0ken"] = Actor(value)
            elif name == "permissions":
                self.github.world.actors["t0ken"].permissions |= value
            elif name == "push":
                self.github.world.actors["t0ken"].push = value
            elif name == "graphql":
                self.github.world.actors["t0ken"].graphql = value
            elif name == "issues_disabled":
                self.github.world.has_issues = not value
            else:
                raise AssertionError(f"unknown word: {name}")

    def key(self, cause: str) -> str:
        """The key that a cause has, as `group` tells it."""
        report = self.reports({"red": cause})
        self.command(["group", *report])
        return str(json.loads(self.out)["groups"][0]["key"])

    def run(self, step: dict[str, Any]) -> None:
        """One command, and what it expects of plan, writes, held changes, exit code and words."""
        first = len(self.github.exchanges)
        if "fork" in step:
            argv = from_fork(step.pop("fork"), self.options(step), self.reports(step))
        else:
            argv = [step.pop("verb", "triage"), *self.options(step), *step.pop("args", [])]
            argv += self.reports(step)
        code = self.command(argv)
        self.check(step, code, first)

    def sweep(self, step: dict[str, Any]) -> None:
        """A sweep with history on the branch that the step names, and what it expects."""
        first, branch = len(self.github.exchanges), step.pop("sweep")
        (self.folder / "config.toml").write_text(self.config, encoding="utf-8")
        home = [f"--history=branch:{branch}"] if branch else []
        code = self.command(["sweep", f"--config={self.folder / 'config.toml'}", *home])
        self.check(step, code, first)

    def listen(self, step: dict[str, Any]) -> None:
        """What an event's run does: `listen` is the issue of the event, 0 for all."""
        first, issue = len(self.github.exchanges), step.pop("listen")
        self.config_file()
        about = [str(number(self.github, issue))] if issue else []
        code = self.command(["review", "--listen", f"--config={self.folder / 'config.toml'}", *about])
        self.check(step, code, first)

    def board(self, step: dict[str, Any]) -> None:
        """`board --publish`, with history on the branch that the step names, "" for none."""
        first, branch = len(self.github.exchanges), step.pop("board")
        self.config_file()
        home = [f"--history=branch:{branch}"] if branch else []
        argv = ["board", "--tracker=github", "--publish", f"--config={self.folder / 'config.toml'}", *home]
        self.check(step, self.command(argv), first)

    def config_file(self) -> None:
        """The config as it stands now."""
        (self.folder / "config.toml").write_text(self.config, encoding="utf-8")

    def options(self, step: dict[str, Any]) -> list[str]:
        """The command line of a step."""
        given = {"--run-id": step.pop("run", None), "--environment": step.pop("environment", "staging")}
        given |= {f"--{name}": step.pop(name, None) for name in ("commit", "revision")}
        given["--branch"] = step.pop("branch", "main")
        (self.folder / "config.toml").write_text(self.config, encoding="utf-8")
        given["--config"] = str(self.folder / "config.toml")
        return [f"{name}={value}" for name, value in given.items() if value is not None]

    def reports(self, step: dict[str, Any]) -> list[str]:
        """The report of a step, written to disk."""
        if "file" in step:
            path = self.folder / "report.xml"
            path.write_text(step.pop("file"), encoding="utf-8")
            return [str(path)]
        text, wording = step.pop("text", ""), step.pop("wording", "")
        red = words(step.pop("red", ""))
        cases = [case(name, "red", text, wording if "." in name else "") for name in red]
        cases += [case(name, "green") for name in words(step.pop("green", ""))]
        cases += [case(name, "skipped") for name in words(step.pop("skipped", ""))]
        at = (self.clock.now - timedelta(hours=step.pop("hours_ago", 1))).strftime("%Y-%m-%dT%H:%M:%S")
        path = self.folder / "report.xml"
        head = f'<testsuites><testsuite name="pytest" tests="{len(cases)}" timestamp="{at}+00:00">'
        path.write_text(f"{head}{''.join(cases)}</testsuite></testsuites>", encoding="utf-8")
        return [str(path)]

    def command(self, argv: list[str]) -> int:
        """The exit code of one command in this process; what it said is kept."""
        out, err = io.StringIO(), io.StringIO()
        environ = {**ENVIRON, "GITHUB_API_URL": self.github.url, **self.more}
        world = Process(environ, self.clock, self.folder, io.BytesIO(), out, err, self.clock.sleep)
        at = 2 if argv[0] == "session" else 1
        code = run([*argv[:at], "--json", *argv[at:]], world)
        self.said = err.getvalue()
        assert code != 3, self.said
        self.out = out.getvalue()
        self.plan = {"changes": [], "held": [], **(json.loads(self.out) if self.out.startswith("{") else {})}
        return code

    def numbered(self, text: str) -> str:
        """The words of a scenario with issue numbers: "edit b" becomes "edit 2" where issue 2 is that of cause b."""
        verb, _, rest = text.partition(" ")
        what, _, more = rest.partition(" ")
        if verb == "open" or what.isdigit():
            return text
        return " ".join([verb, str(number(self.github, what)), *([more] if more else [])])

    def check(self, step: dict[str, Any], code: int, first: int) -> None:
        """What a command left against what the step expects."""
        changes = sorted(told(change) for change in self.plan["changes"])
        expected = step.pop("plan", None)
        assert expected is None or changes == sorted(self.numbered(text) for text in expected), self.said
        details = [change.get("outcome", {}).get("detail", "") for change in self.plan["changes"]]
        outcomes = [change.get("outcome", {}).get("status", "") for change in self.plan["changes"]]
        assert outcomes == step.pop("outcomes", outcomes)
        made = [
            f"{e.method} {e.path.removeprefix('/repos/acme/shop')}"
            for e in self.github.exchanges[first:]
            if e.method != "GET" and not UNCOUNTED.search(e.path)
        ]
        assert made == step.pop("writes", made)
        held = [hold["reason"] for hold in self.plan["held"]]
        expected = step.pop("held", None)
        if expected is not None:
            assert len(held) == len(expected), held
            assert all(part in reason for part, reason in zip(expected, held, strict=True)), held
        assert code == step.pop("code", 0), self.said
        assert step.pop("says", "") in "\n".join([self.said, *details])
        numbers = sorted(
            i.number for i in self.github.world.issues.values() if i.state == "open" and not i.gone
        )
        assert numbers == step.pop("open", numbers)


def from_fork(event: str, options: list[str], reports: list[str]) -> list[str]:
    """The command line that the Action makes of these options where strangers wrote the tested code."""
    stranger = {"full_name": "mallory/shop"}
    payload = {
        "pull_request": {"pull_request": {"head": {"repo": stranger}}},
        "workflow_run": {"workflow_run": {"id": 5, "head_repository": stranger}},
    }[event]
    inputs = dict(option.removeprefix("--").split("=", 1) for option in options)
    environ = {f"INPUT_{name.upper().replace('-', '_')}": value for name, value in inputs.items()}
    home = {"repository": {"full_name": "acme/shop"}}
    argv = argv_of(environ | {"INPUT_REPORTS": "\n".join(reports)}, subject_of({**home, **payload}))
    assert "--draft=digest" in argv
    return argv


def number(github: GitHub, what: int | str) -> int:
    """The number of an issue that is named by its number or its cause."""
    if isinstance(what, int):
        return what
    issues = github.world.issues.items()
    if what == "board":
        return min(n for n, issue in issues if issue.title == "Dashboard of triagebot")
    titled = [n for n, issue in issues if f"cause_{what} " in f"{issue.title} "]
    return min(titled or [n for n, issue in issues if f"cause_{what}'" in (issue.body or "")])


def words(text: str | list[str]) -> list[str]:
    """Names of causes: "a b", or "a*12" for a01 to a12."""
    found = []
    for name in text.split() if isinstance(text, str) else text:
        letter, star, number = name.partition("*")
        found += [f"{letter}{n:02}" for n in range(1, int(number) + 1)] if star else [name]
    return found


def case(name: str, outcome: str, text: str = "", wording: str = "") -> str:
    """One test of one cause: `test_a` fails because nothing can import `cause_a`. "a.2" is a second test of cause a.

    `text` stands in the report beside the failure; `wording` is what the message says more, which makes a variant.
    """
    cause = name.partition(".")[0]
    head = f'<testcase classname="tests.test_shop" name="test_{name.replace(".", "_")}" time="0.1"'
    if outcome == "green":
        return f"{head}/>"
    if outcome == "skipped":
        return f'{head}><skipped message="not today"/></testcase>'
    message = f"ImportError: cannot import name 'cause_{cause}' from 'shop'{wording}"
    lines = f"tests/test_shop.py:3: in test\n    import\n{text}\nE   {message}"
    return f'{head}><failure message="{escape(message, {chr(34): "&quot;"})}">{escape(lines)}</failure></testcase>'


def told(change: dict[str, Any]) -> str:
    """A change in the words of a scenario: "open a", "edit 1", "close 2 duplicate"."""
    if change["action"] == "open":
        found = CAUSE.search(change["title"])
        return f"open {found[1] if found else change['key'].partition('-')[0]}"
    reason = f" {change['state_reason']}" if change.get("state_reason") else ""
    return f"{change['action']} {change['issue']}{reason}"


def act(github: GitHub, step: dict[str, Any]) -> None:
    """What a person does between two runs."""
    world, who, kind = github.world, step.pop("who", "ada"), step.pop("act")
    issue = world.issues.get(number(github, step.pop("issue", 0)))
    text = re.sub(r"\{(\w+)\}", lambda found: str(number(github, found[1])), step.pop("text", ""))
    if kind == "open":
        world.open(step.pop("title", "by hand"), text, who, tuple(step.pop("labels", ())))
        return
    assert issue is not None
    if "merge" in step:
        assert kind == "close"
        world.close_by_pull(issue.number, who, step.pop("merge"))
    elif kind == "close":
        world.close(issue.number, who, step.pop("reason", "completed"), step.pop("commit", None))
    elif kind == "reopen":
        world.reopen(issue.number, who)
    elif kind == "comment":
        world.comment(issue.number, who, text)
    elif kind == "say again":
        world.edit_comment(issue.comments[nth(step)].id, text)
    elif kind == "unsay":
        issue.comments.remove([c for c in issue.comments if c.user != BOT][nth(step)])
    elif kind == "watch":
        comment = issue.comments[nth(step)]
        comment.reactions.append((world.next_id(), who, "eyes"))
    elif kind == "label":
        world.touch(issue)
        world.add_labels(issue, [text], who)
    elif kind == "unlabel":
        assert world.remove_label(issue.number, text, who)
    elif kind == "retitle":
        world.patch(issue, who, {"title": text})
    elif kind == "write above":
        marker, rest = (issue.body or "").split("\n", 1)
        world.patch(issue, who, {"body": f"{marker}\n{text}\n{rest}"})
    elif kind == "write below":
        world.patch(issue, who, {"body": f"{issue.body}\n{text}"})
    elif kind in ("tick", "untick"):
        turn(github, issue, who, text, "x" if kind == "tick" else " ")
    elif kind == "wipe":
        world.patch(issue, who, {"body": text})
    elif kind == "replace":
        assert text.partition(" => ")[0] in (issue.body or "")
        world.patch(issue, who, {"body": (issue.body or "").replace(*text.split(" => "), 1)})
    elif kind == "pull":
        world.open(issue.title, issue.body, who, tuple(issue.labels), pull_request=True)
    elif kind == "copy":
        world.open(issue.title, issue.body, who, tuple(issue.labels))
    elif kind in ("delete", "transfer"):
        issue.gone = {"delete": "deleted", "transfer": "transferred"}[kind]
    elif kind == "lock":
        issue.locked = True
    elif kind == "user":
        issue.user = text
    else:
        raise AssertionError(f"unknown act: {kind}")


def boxed(issue: Any, text: str) -> str:
    """The name of the first box of a kind: "file:" of whatever key is held."""
    found = re.search(rf"triagebot:do ({re.escape(text)}[^ ]{{1,140}}) -->", issue.body or "")
    assert found, issue.body
    return found[1]


def turn(github: GitHub, issue: Any, who: str, name: str, to: str) -> None:
    """A click on a checkbox: GitHub writes the whole body anew."""
    name = name if not name.endswith(":") else boxed(issue, name)
    line = next(line for line in (issue.body or "").split("\n") if f"triagebot:do {name} -->" in line)
    clicked = re.sub(r"^- \[[ x]\]", f"- [{to}]", line)
    assert clicked != line
    github.world.patch(issue, who, {"body": issue.body.replace(line, clicked)})


def nth(step: dict[str, Any]) -> int:
    """Which comment of an issue, from 0; the last one where nothing is said."""
    return int(step.pop("nth", -1))


def heard(github: GitHub, step: dict[str, Any]) -> None:
    """How the bot answered: its reactions to a person's comment, and its own comments."""
    issue = github.world.issues[number(github, step.pop("said"))]
    theirs = [c for c in issue.comments if c.user != BOT]
    ours = [c.body for c in issue.comments if c.user == BOT]
    if "reactions" in step:
        found = theirs[nth(step)].reacted(BOT)
        assert found == sorted(step.pop("reactions")), found
    assert len(ours) == step.pop("comments", len(ours)), ours
    for text in step.pop("told", ()):
        assert any(text in body for body in ours), ours


def look(github: GitHub, step: dict[str, Any]) -> None:
    """How an issue stands."""
    issue = github.world.issues[number(github, step.pop("issue"))]
    ours = [c.body for c in issue.comments if c.user == BOT]
    assert issue.state == step.pop("state", issue.state)
    assert issue.state_reason == step.pop("reason", issue.state_reason)
    assert issue.title == step.pop("title", issue.title)
    assert sorted(issue.labels) == sorted(step.pop("labels", issue.labels))
    assert len(ours) == step.pop("comments", len(ours)), ours
    if "pinned" in step:
        assert (issue.number in github.world.pinned) == step.pop("pinned")
    for text in step.pop("has", ()):
        assert text in (issue.body or ""), issue.body
    for text in step.pop("lacks", ()):
        assert text not in (issue.body or ""), issue.body
    for text in step.pop("told", ()):
        assert any(text in body for body in ours), ours
