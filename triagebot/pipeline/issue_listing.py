"""The issues from which a command starts: as listed, after people were heard and drafts graded; and the board it leaves."""

from collections.abc import Mapping, Sequence

from triagebot.config import Config
from triagebot.issues import Issue
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.grading import grade_drafts
from triagebot.pipeline.workspace import Workspace
from triagebot.plans import Outcome


def current_issues(workspace: Workspace, config: Config, effects: Effects) -> Sequence[Issue]:
    """Our issues; on GitHub commands in comments and labels were obeyed before. What was not heard the next run hears."""
    listed = workspace.tracker.issues()
    if workspace.tracker.name == "github":
        from triagebot.pipeline.comment_commands import listen  # noqa: PLC0415 - as above
        from triagebot.pipeline.dashboard_sync import apply_ticks  # noqa: PLC0415 - PyGithub takes half a second to load

        apply_ticks(workspace, config, effects)
        done = listen(workspace, config, effects)
        for said in done.failed:
            effects.warn(said)
        listed = tuple(getattr(workspace.tracker, "listed", listed))
    if not grade_drafts(listed, workspace, config, effects):
        return listed
    return tuple(getattr(workspace.tracker, "listed", None) or workspace.tracker.issues())


def refresh_boards(
    workspace: Workspace, config: Config, effects: Effects, reasons: Mapping[str, str] | None = None
) -> tuple[Outcome, ...]:
    """Project and dashboard brought up to date, where the config asks for them. `reasons` say why keys are held (None: no run said)."""
    if workspace.tracker.name != "github" or not (config.board.issue or config.board.project):
        return ()
    from triagebot.pipeline.dashboard_sync import refresh  # noqa: PLC0415 - PyGithub takes half a second to load
    from triagebot.pipeline.project_sync import sync  # noqa: PLC0415 - as above

    sync(workspace, config, effects)
    return refresh(workspace, config, effects, reasons)


def pause_in(workspace: Workspace, config: Config) -> str:
    """Why nothing is filed, as the dashboard of the last listing says; "" while filing goes on."""
    if workspace.tracker.name != "github" or not config.board.issue:
        return ""
    from triagebot.pipeline.dashboard_sync import pause_of  # noqa: PLC0415 - PyGithub takes half a second to load

    if workspace.stop.paused is None:
        workspace.stop.paused = pause_of(workspace, config)
    return workspace.stop.paused


def known_issues(workspace: Workspace) -> Sequence[Issue]:
    """Our issues as this command left them; on GitHub without asking once more."""
    listed: Sequence[Issue] | None = getattr(workspace.tracker, "listed", None)
    return workspace.tracker.issues() if listed is None else listed
