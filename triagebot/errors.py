"""What the program tells a person who made a mistake. No traceback, no blame: what happened, where, what to do next."""


class UserError(Exception):
    """A mistake that the user can mend. Its text names the file or option and the next step; exit code 1."""


class NoReports(UserError):  # noqa: N818 - named for what the user sees; `--if-no-reports` decides whether it is an error
    """What was given holds no report. `--if-no-reports fail|warn|ignore` says what that means."""


class TrackerError(Exception):
    """The tracker could not be read or written; its text says what happened. Nothing may be concluded from it."""
