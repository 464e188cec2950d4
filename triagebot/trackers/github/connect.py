"""From the environment to a client: where GitHub is, as whom we come and how patiently we ask.

In: a mapping like os.environ and the functions for clock and sleep. Out: a PyGithub client. Secrets are read here,
handed to PyGithub and kept nowhere else. Raises UserError that names the missing variable.

GITHUB_TOKEN (or GH_TOKEN), or TRIAGEBOT_APP_ID with TRIAGEBOT_APP_PRIVATE_KEY (and TRIAGEBOT_APP_INSTALLATION_ID, else
the repository's own installation is looked up); GITHUB_REPOSITORY; GITHUB_API_URL for GitHub Enterprise.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from github import Auth, Consts, Github, GithubException, GithubIntegration

from triagebot import __version__
from triagebot.errors import UserError
from triagebot.trackers import TrackerError
from triagebot.trackers.github.requests import Api, UnsureError
from triagebot.trackers.github.retry_policy import Patience, patience

TIMEOUT_S = 30


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast we may go. GitHub asks for serial writes at least a second apart."""

    seconds_between_requests: float = Consts.DEFAULT_SECONDS_BETWEEN_REQUESTS
    seconds_between_writes: float = Consts.DEFAULT_SECONDS_BETWEEN_WRITES
    timeout_s: int = TIMEOUT_S


@dataclass(frozen=True, slots=True)
class Access:
    """Where and as whom: the API's address, the repository (owner/name) and the means of authentication."""

    api_url: str
    repository: str
    token: str = ""
    app_id: str = ""
    private_key: str = ""
    installation: int | None = None


def access(environ: Mapping[str, str]) -> Access:
    """What the environment says. Raises UserError for what is missing or malformed."""
    repository = environ.get("GITHUB_REPOSITORY", "")
    if repository.count("/") != 1 or not all(repository.split("/")):
        raise UserError(
            f"GITHUB_REPOSITORY must be owner/name, and it is {repository!r}. Set it, or use --tracker local."
        )
    found = Access(
        api_url=_api_url(environ),
        repository=repository,
        token=environ.get("GITHUB_TOKEN") or environ.get("GH_TOKEN") or "",
        app_id=environ.get("TRIAGEBOT_APP_ID", ""),
        private_key=environ.get("TRIAGEBOT_APP_PRIVATE_KEY", "").replace("\\n", "\n"),
        installation=_number(environ, "TRIAGEBOT_APP_INSTALLATION_ID"),
    )
    if not found.token and not (found.app_id and found.private_key):
        raise UserError(
            "No way in to GitHub: set GITHUB_TOKEN, or TRIAGEBOT_APP_ID and TRIAGEBOT_APP_PRIVATE_KEY."
        )
    return found


def client(
    wanted: Access,
    *,
    pause: Callable[[float], None],
    now: Callable[[], datetime],
    pace: Pace | None = None,
) -> Github:
    """A PyGithub client that waits through `pause`. An app's installation is looked up where it was not named."""
    kwargs = _settings(wanted, patience(pause, now), pace or Pace())
    if not wanted.app_id:
        return Github(auth=Auth.Token(wanted.token), **kwargs)
    app = Auth.AppAuth(wanted.app_id, wanted.private_key)
    number = wanted.installation or _installation(GithubIntegration(auth=app, **kwargs), wanted.repository)
    return Github(auth=app.get_installation_auth(number), **kwargs)


def app_login(
    wanted: Access, *, pause: Callable[[float], None], now: Callable[[], datetime], pace: Pace | None = None
) -> Callable[[], str] | None:
    """Asks GitHub for the app's own login; None where we do not come as an app."""
    if not wanted.app_id:
        return None

    def ask() -> str:
        kwargs = _settings(wanted, patience(pause, now), pace or Pace())
        asking = Github(auth=Auth.AppAuth(wanted.app_id, wanted.private_key), **kwargs)
        try:
            return Api(asking, wanted.repository, now).app()
        finally:
            asking.close()

    return ask


def _settings(wanted: Access, retry: Patience, pace: Pace) -> dict[str, Any]:
    """PyGithub's settings, the same for tokens and apps."""
    return {
        "base_url": wanted.api_url,
        "timeout": pace.timeout_s,
        "user_agent": f"triagebot/{__version__}",
        "per_page": 100,
        "retry": retry,
        "seconds_between_requests": pace.seconds_between_requests,
        "seconds_between_writes": pace.seconds_between_writes,
        "lazy": True,
    }


def _installation(integration: GithubIntegration, repository: str) -> int:
    """The app's installation on the repository. Raises TrackerError where the app is not installed."""
    try:
        return int(integration.get_repo_installation(*repository.split("/")).id)
    except GithubException as error:
        raise TrackerError(
            f"The app is not installed on {repository}, or its key is wrong ({error.status})."
        ) from None
    except requests.RequestException as error:
        raise UnsureError(f"GitHub did not say where the app is installed: {type(error).__name__}") from None
    finally:
        integration.close()


def _api_url(environ: Mapping[str, str]) -> str:
    """The API's address, without the slash at the end that PyGithub does not expect."""
    url = environ.get("GITHUB_API_URL", "").rstrip("/") or Consts.DEFAULT_BASE_URL
    if not _is_address(url):
        raise UserError(
            f"GITHUB_API_URL must be an address such as https://ghe.example/api/v3, and it is {url!r}."
        )
    return url


def _is_address(url: str) -> bool:
    """Whether a client can make a request to it."""
    try:
        parts = urlsplit(url)
        return bool(
            parts.scheme in ("http", "https")
            and parts.hostname
            and parts.port != 0
            and url.isprintable()
            and " " not in url
        )
    except ValueError:  # brackets without an end, a port that is none
        return False


def _number(environ: Mapping[str, str], name: str) -> int | None:
    """A variable that holds a number, where it is set."""
    text = environ.get(name, "")
    if text and not text.isdigit():
        raise UserError(f"{name} must be a number, and it is {text!r}.")
    return int(text) if text else None
