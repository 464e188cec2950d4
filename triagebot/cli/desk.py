"""Where a verb works: the tracker, the history, and what git can say, opened for one command."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from triagebot.cli.keeping import Keeper
from triagebot.cli.options import Wish
from triagebot.cli.world import World
from triagebot.config import Config
from triagebot.errors import UserError
from triagebot.issues import Contains, Issue, nobody_knows
from triagebot.stores import open_history
from triagebot.trackers import Tracker

FILE = Path(".triagebot/triagebot.db")
Closings = Callable[[Sequence[Issue], frozenset[str]], Sequence[Issue]]
"""`closings(issues, keys)`: the issues, closed ones of these keys with what closed them, where that costs a request."""


def as_listed(issues: Sequence[Issue], _keys: frozenset[str]) -> Sequence[Issue]:
    """The `Closings` of a tracker whose listing tells everything."""
    return issues


@dataclass(frozen=True, slots=True)
class Desk:
    """One command's tracker and history. `contains` answers whether a commit has another one in its history."""

    tracker: Tracker
    history: Keeper
    contains: Contains = nobody_knows
    closings: Closings = as_listed
    default_branch: str | None = None
    out: Path | None = None

    @property
    def remark(self) -> str:
        """What people should know beside the issues: requests spent, history refused or told differently."""
        spent = getattr(self.tracker, "budget", None)
        return " ".join((*((f"GitHub: {spent}",) if spent is not None else ()), *self.history.told))


@contextmanager
def open_desk(wish: Wish, world: World, config: Config, *, writes: bool = True) -> Iterator[Desk]:
    """The desk that `wish` names: github inside Actions, else local.

    Without `writes` nothing is created: a local tracker that is not there yet is an empty one in memory.
    """
    name = wish.tracker or ("github" if world.in_actions else "local")
    out = world.cwd / wish.out if wish.out else None
    if name == "github":
        from triagebot.cli.github import open_github  # noqa: PLC0415 - PyGithub takes half a second to load

        with open_github(config, world, out, wish.history) as desk:
            yield desk
        return
    with _open_local(world, out, wish.history, writes=writes) as desk:
        yield desk


@contextmanager
def _open_local(world: World, out: Path | None, history: str | None, *, writes: bool) -> Iterator[Desk]:
    """The desk of the SQLite file in this folder, whose history is kept beside the issues unless it has another home."""
    if history and history.startswith("branch:"):
        raise UserError(
            f"--history {history} needs --tracker github. Give the URL of a database, or leave it out."
        )
    from triagebot.trackers.local import LocalTracker  # noqa: PLC0415 - SQLAlchemy takes 0.6 s to load

    path = world.cwd / FILE
    if writes:
        make_folder(path.parent)
    local = LocalTracker(path if writes or path.exists() else Path(":memory:"), world.now)
    try:
        home = open_history(history) if history else local.history
        yield Desk(local, Keeper(home, world.now), out=out)
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
