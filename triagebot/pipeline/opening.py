"""Opens the workspace of one command: GitHub's or the local one. The effects of opening stand here."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from triagebot.config import Config
from triagebot.errors import UserError
from triagebot.pipeline.culprits import code_here
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.recording import HistoryRecorder
from triagebot.pipeline.run_options import TriageOptions
from triagebot.pipeline.workspace import Workspace
from triagebot.sources.git import changes, fix
from triagebot.stores import history_opener

FILE = Path(".triagebot/triagebot.db")


@contextmanager
def open_workspace(
    options: TriageOptions, effects: Effects, config: Config, *, writes: bool = True
) -> Iterator[Workspace]:
    """The workspace that `options` names: github inside Actions, else local.

    Without `writes` nothing is created: a local tracker that is not there yet is an empty one in memory.
    """
    name = options.tracker or ("github" if effects.in_actions else "local")
    out = effects.cwd / options.out if options.out else None
    if name == "github":
        from triagebot.pipeline.github_workspace import open_github  # noqa: PLC0415 - PyGithub takes half a second to load

        with open_github(config, effects, out, options.history) as workspace:
            yield workspace
        return
    with _open_local(config, effects, out, options.history, writes=writes) as workspace:
        yield workspace


@contextmanager
def _open_local(
    config: Config, effects: Effects, out: Path | None, history: str | None, *, writes: bool
) -> Iterator[Workspace]:
    """The workspace of the SQLite file in this folder, whose history is kept beside the issues unless it has another store."""
    if history and history.startswith("branch:"):
        raise UserError(
            f"--history {history} needs --tracker github. Give the URL of a database, or leave it out."
        )
    from triagebot.trackers.local import LocalTracker  # noqa: PLC0415 - SQLAlchemy takes 0.6 s to load

    path = effects.cwd / FILE
    if writes:
        make_folder(path.parent)
    home = history_opener(history, limits=config.history) if history else None
    place = path if writes or path.exists() else Path(":memory:")
    local = LocalTracker(place, effects.now, config.history.keep_days)
    recorder = HistoryRecorder(home or (lambda: local.history), effects.now)
    try:
        yield Workspace(
            local,
            recorder,
            fix=partial(fix, effects.cwd),
            between=partial(changes, effects.cwd),
            code=code_here(effects),
            out=out,
        )
    finally:
        recorder.close()
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
