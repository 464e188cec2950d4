"""What the program tells a person who made a mistake. No traceback, no blame: what happened, where, what to do next."""


class UserError(Exception):
    """A mistake that the user can mend. Its text names the file or option and the next step; exit code 1."""
