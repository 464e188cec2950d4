"""`--out DIR`: what people can read without the tracker, written as files: issues, and five-whys reports in Markdown and HTML."""

import re
from collections.abc import Sequence
from pathlib import Path

from triagebot.boards import Board
from triagebot.errors import UserError
from triagebot.issues.match import STATES
from triagebot.pages import Cause, board_files, files
from triagebot.pages.board_pages import Grids
from triagebot.pipeline.drafting import Drafter
from triagebot.pipeline.triaging import Planned
from triagebot.pipeline.workspace import Workspace
from triagebot.plans import Outcome
from triagebot.trackers.markdown_export import write_markdown

_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]")
"""A character that no folder's name gets. Hit: `run/5`. Miss: `run-5.eu_1`."""


def write(
    folder: Path, done: Sequence[tuple[Planned, Sequence[Outcome]]], workspace: Workspace, drafter: Drafter
) -> None:
    """Write the issues, and each run's report: beside them for one run, in a folder of its own for each of several.

    Raises UserError when the folder cannot be written.
    """
    write_markdown(workspace.tracker.issues(), folder)
    for planned, outcomes in done:
        home = folder if len(done) == 1 else folder / _UNSAFE.sub("-", planned.run.id)[:80]
        gates = tuple((gate.name, gate.passed, gate.why) for gate in planned.proof.gates)
        texts = files(planned.run, _causes(planned, outcomes, drafter), gates, planned.proof.findings)
        write_texts(home, texts)


def write_board(folder: Path, board: Board, grids: Grids) -> None:
    """Write the board's pages. Raises UserError when the folder cannot be written."""
    write_texts(folder, board_files(board, grids))


def _causes(planned: Planned, outcomes: Sequence[Outcome], drafter: Drafter) -> list[Cause]:
    """The run's causes with their drafts and the numbers of their issues."""
    opened = {o.change.key: o.issue for o in outcomes if o.issue is not None}
    return [
        Cause(
            match.group,
            drafter.draft_of(match.group, planned.run),
            issue=f"#{number}"
            if (number := match.issue.number if match.issue else opened.get(match.group.key))
            else "",
            url=match.issue.url if match.issue else "",
            state=STATES[match.state],
        )
        for match in planned.matches
    ]


def write_texts(folder: Path, texts: dict[str, str]) -> None:
    """Write the files of one report."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UserError(
            f"--out {folder}: {(error.strerror or str(error)).lower()}. Name another folder."
        ) from None
