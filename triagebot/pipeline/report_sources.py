"""Reports that arguments name: files of this machine, and artifacts that another run uploaded.

In: REPORT arguments. Out: `Sources`, files first, then artifacts, and whether their code may be a stranger's. GitHub is asked, and its client loaded, only when
an argument names artifacts.
"""

from collections.abc import Callable, Sequence

from triagebot.pipeline.effects import Effects
from triagebot.pipeline.origin import strangers_because
from triagebot.reports.model import Problem
from triagebot.sources import Allowance, Blob, Sources, read
from triagebot.sources.report_files import looks_like_report

SCHEME = "artifacts:"


def read_all(paths: Sequence[str], effects: Effects, allowance: Allowance) -> Sources:
    """What the arguments name, as far as the command may read it, and whether strangers wrote the code.

    Raises UserError for one that leads nowhere.
    """
    remote = [path for path in paths if path.startswith(SCHEME)]
    local = [path for path in paths if path not in remote]
    found = read(local, stdin=effects.stdin, allowance=allowance) if local or not remote else Sources((), ())
    fetched = fetched_files(remote, effects, allowance) if remote else Sources((), ())
    told, certain = strangers_because(effects.environ) if effects.in_actions else ("", False)
    strangers = fetched.strangers or (told if certain or local or not remote else "")
    return Sources((*found.blobs, *fetched.blobs), (*found.problems, *fetched.problems), strangers)


def fetched_files(
    paths: Sequence[str],
    effects: Effects,
    allowance: Allowance,
    wanted: Callable[[str, bytes], bool] = looks_like_report,
) -> Sources:
    """The reports, or what else is `wanted`, in artifacts of other runs, by way of the API. Its client takes 0.5 s to load."""
    from triagebot.sources import artifacts  # noqa: PLC0415 - httpx2
    from triagebot.trackers.github.connect import access, client  # noqa: PLC0415 - PyGithub

    asked = access(effects.environ)
    token = asked.token
    if not token:
        github = client(asked, pause=effects.pause, now=effects.now)
        auth = github.requester.auth
        token = auth.token if auth is not None else ""
        github.close()
    host = artifacts.Host(asked.api_url, asked.repository, token, effects.pause)
    strangers = next(filter(None, (artifacts.strangers_because(path, host) for path in paths)), "")
    fetched = [one for path in paths for one in artifacts.fetch(path, host, allowance, wanted)]
    blobs = tuple(one for one in fetched if isinstance(one, Blob))
    return Sources(blobs, tuple(one for one in fetched if isinstance(one, Problem)), strangers)
