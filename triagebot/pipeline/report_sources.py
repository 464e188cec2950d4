"""Reports from near and far: files of this machine, and artifacts that another run uploaded.

In: REPORT arguments. Out: `Sources`, files first, then artifacts. GitHub is asked, and its client loaded, only when
an argument names artifacts.
"""

from collections.abc import Sequence

from triagebot.pipeline.effects import Effects
from triagebot.reports.model import Problem
from triagebot.sources import Allowance, Blob, Sources, read

SCHEME = "artifacts:"


def read_all(paths: Sequence[str], effects: Effects, allowance: Allowance) -> Sources:
    """What the arguments name, as far as the command may read it. Raises UserError for one that leads nowhere."""
    far = [path for path in paths if path.startswith(SCHEME)]
    near = [path for path in paths if path not in far]
    found = read(near, stdin=effects.stdin, allowance=allowance) if near or not far else Sources((), ())
    fetched = _fetched(far, effects, allowance) if far else []
    blobs = tuple(one for one in fetched if isinstance(one, Blob))
    problems = tuple(one for one in fetched if isinstance(one, Problem))
    return Sources((*found.blobs, *blobs), (*found.problems, *problems))


def _fetched(paths: Sequence[str], effects: Effects, allowance: Allowance) -> list[Blob | Problem]:
    """The reports in artifacts of other runs, by way of the API. Its client takes 0.5 s to load."""
    from triagebot.sources.artifacts import Host, fetch  # noqa: PLC0415 - httpx2
    from triagebot.trackers.github.connect import access, client  # noqa: PLC0415 - PyGithub

    wanted = access(effects.environ)
    token = wanted.token
    if not token:
        github = client(wanted, pause=effects.pause, now=effects.now)
        auth = github.requester.auth
        token = auth.token if auth is not None else ""
        github.close()
    host = Host(wanted.api_url, wanted.repository, token, effects.pause)
    return [one for path in paths for one in fetch(path, host, allowance)]
