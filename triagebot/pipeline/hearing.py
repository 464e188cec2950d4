"""The issues from which a command starts: as listed, after what people said on them was carried out."""

from collections.abc import Sequence

from triagebot.config import Config
from triagebot.issues import Issue
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.workspace import Workspace


def heard_issues(workspace: Workspace, config: Config, effects: Effects) -> Sequence[Issue]:
    """Our issues; on GitHub commands in comments and labels were obeyed before. What was not heard the next run hears."""
    listed = workspace.tracker.issues()
    if workspace.tracker.name != "github":
        return listed
    from triagebot.pipeline.listening import listen  # noqa: PLC0415 - PyGithub takes half a second to load

    done = listen(workspace, config, effects)
    for said in done.failed:
        effects.warn(said)
    return tuple(getattr(workspace.tracker, "listed", listed))
