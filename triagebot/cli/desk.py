"""Where a verb works: the tracker, the history, and what git can say, opened for one command."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from triagebot.cli.options import Wish
from triagebot.cli.world import World
from triagebot.errors import UserError
from triagebot.issues import Contains, nobody_knows
from triagebot.stores import History
from triagebot.trackers import Tracker
from triagebot.trackers.files import write_markdown

FILE = Path(".triagebot/triagebot.db")


@dataclass(frozen=True, slots=True)
class Desk:
    """One command's tracker and history. `contains` answers whether a commit has another one in its history."""

    tracker: Tracker
    history: History
    contains: Contains = nobody_knows
    default_branch: str | None = None
    out: Path | None = None

    def write_out(self) -> None:
        """Write the issues as Markdown where `--out` asked for it."""
        if self.out is not None:
            write_markdown(self.tracker.issues(), self.out)


@contextmanager
def open_desk(wish: Wish, world: World, *, writes: bool = True) -> Iterator[Desk]:
    """The desk that `wish` names: github inside Actions, else local.

    Without `writes` nothing is created: a local tracker that is not there yet is an empty one in memory.
    """
    name = wish.tracker or ("github" if world.in_actions else "local")
    out = world.cwd / wish.out if wish.out else None
    if name == "github":
        raise UserError("--tracker github is not there yet. Use --tracker local.")
    from triagebot.trackers.local import LocalTracker  # noqa: PLC0415 - SQLAlchemy takes 0.6 s to load

    path = world.cwd / FILE
    if writes:
        make_folder(path.parent)
    local = LocalTracker(path if writes or path.exists() else Path(":memory:"), world.now)
    try:
        yield Desk(local, local.history, out=out)
    finally:
        local.engine.dispose()


def make_folder(folder: Path) -> None:
    """Make the folder that holds our own files, with a note to git to leave it alone."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise UserError(
            f"{folder}: cannot be written: {(error.strerror or str(error)).lower()}. "
            "Run where you may write, or use --dry-run."
        ) from None
