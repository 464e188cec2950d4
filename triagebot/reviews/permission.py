"""Who may steer the bot: people with triage permission or more on the repository.

In: what GitHub says of a person's role. Out: yes or no. The association that stands beside a comment is never asked: it is
that of the moment of writing, and MEMBER says nothing of this repository.
"""

ROLES = frozenset(("triage", "write", "maintain", "admin"))
"""https://docs.github.com/organizations/managing-user-access-to-your-organizations-repositories"""
_KNOWN = ROLES | {"none", "read"}


def may(role: str, permission: str) -> bool:
    """Whether somebody of this `role_name` may; of a role of the organisation's own, `permission` says what it is built on."""
    return role in ROLES if role in _KNOWN else permission in ("write", "admin")


def is_bot(login: str, kind: str) -> bool:
    """Whether an account is an app's."""
    return kind.lower() == "bot" or login.lower().endswith("[bot]")
