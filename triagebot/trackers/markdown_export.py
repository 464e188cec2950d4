"""Issues as Markdown files, for `--out DIR`: what the tracker holds, readable with nothing but an editor.

In: issues, and a folder. Out: one file for each issue and an index. It removes nothing that it did not write.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from triagebot.errors import UserError
from triagebot.issues.model import Issue
from triagebot.markdown import fill, inline, join, table, words

_HIDDEN = re.compile(r"^<!-- triagebot.{0,65536}-->[ \t\r]{0,20}\n?", re.MULTILINE)
"""A marker, and its line. Hit: `<!-- triagebot:v1 key=5 -->`. Miss: `<!-- a note -->`."""
_GAPS = re.compile(r"\n{3,65536}")
"""More than one empty line. Hit: `gone\n\n\nagain`. Miss: `gone\n\nagain`."""


def write_markdown(issues: Sequence[Issue], folder: Path) -> tuple[Path, ...]:
    """Write `issue-0001.md` … and `issues.md` into `folder` and return their paths.

    Raises UserError when the folder cannot be written.
    """
    texts = {f"issue-{issue.number:04d}.md": file_text(issue) for issue in issues}
    texts["issues.md"] = _index(issues)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UserError(
            f"{folder}: cannot be written: {error.strerror}. Name another folder with --out."
        ) from None
    return tuple(folder / name for name in texts)


def readable(body: str) -> str:
    """A body without the lines that only the bot reads."""
    return _GAPS.sub("\n\n", _HIDDEN.sub("", body)).strip("\n") + "\n"


def file_text(issue: Issue) -> str:
    """One issue as a file: title, state, labels, text."""
    labels = join((inline(label) for label in issue.labels), ", ")
    state = inline(issue.state + (f", {issue.state_reason.replace('_', ' ')}" if issue.state_reason else ""))
    head = fill("# {} \\#{}\n\n*{}* {}\n\n", inline(issue.title), inline(str(issue.number)), state, labels)
    return head + readable(issue.body)


def _index(issues: Sequence[Issue]) -> str:
    """All issues in a table, the open ones first."""
    ordered = sorted(issues, key=lambda issue: (issue.state == "closed", issue.number))
    rows = [(inline(str(i.number)), inline(i.state), inline(i.title)) for i in ordered]
    return f"# Issues\n\n{table((words('#'), words('State'), words('Title')), rows)}\n"
