"""GitHub as an issue tracker, through PyGithub and nothing else.

    tracker = connect(environ, config, now=clock, pause=time.sleep)
    for issue in tracker.issues(): ...

`connect` reads the environment, `retry_policy` says how long to wait and what may be repeated, `safe_writes` makes things
once, `requests` asks and names failures, `responses` checks shapes, `label_styles` gives labels a face, `tracker` is the
`Tracker` and `branch_files` keeps files on an orphan branch. Every rule here was somebody's incident; the tests name them.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from triagebot.config import Config
from triagebot.trackers.github.connect import Pace, access, app_login, client
from triagebot.trackers.github.requests import Api, Budget
from triagebot.trackers.github.tracker import GitHubTracker

__all__ = ["Api", "Budget", "GitHubTracker", "Pace", "connect"]


def connect(
    environ: Mapping[str, str],
    config: Config,
    *,
    now: Callable[[], datetime],
    pause: Callable[[float], None],
    known: Collection[int] = (),
    pace: Pace | None = None,
) -> GitHubTracker:
    """The tracker of the repository that `environ` names. Asks GitHub nothing yet, but for an app's installation.

    `now` is the clock (UTC), `pause` sleeps for so many seconds, `known` are issue numbers that a history remembers.
    Raises UserError for a missing or malformed variable, TrackerError where an app is not installed.
    """
    wanted = access(environ)
    api: list[Api] = []

    def counted(seconds: float) -> None:
        for each in api:
            each.retried += 1
        pause(seconds)

    api.append(Api(client(wanted, pause=counted, now=now, pace=pace), wanted.repository, now))
    app = app_login(wanted, pause=counted, now=now, pace=pace)
    return GitHubTracker(api[0], config, pause=counted, rest=pause, now=now, known=known, app=app)
