"""Reports that another run of GitHub Actions uploaded, fetched without a checkout of anybody's code.

In: `artifacts:RUN` or `artifacts:RUN/NAME*`, and how to reach GitHub. Out: `Blob`s and `Problem`s, as from any zip.
The zips are streamed to a temporary file and cut off at the size limit; the token goes to the API's own host and to
no other, because GitHub answers with a redirect to a storage host that carries its own signature. Names of runs,
branches and artifacts are written by strangers and are data here, never paths or commands.
"""

import io
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import IO, Any, TypeVar
from urllib.parse import urljoin, urlsplit

import httpx2
from pydantic import BaseModel, TypeAdapter, ValidationError
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from triagebot.errors import UserError
from triagebot.reports.model import Beyond, Problem
from triagebot.sources.allowance import Allowance
from triagebot.sources.archives import Blob, unzipped
from triagebot.sources.report_files import looks_like_report

T = TypeVar("T")
SCHEME = "artifacts:"
_WANTED = re.compile(r"artifacts:([0-9]{1,20})(?:/(.{1,200}))?")
"""The artifacts of a run, all or some by their names.

Hit: `artifacts:4821`
Hit: `artifacts:4821/reports-*`
Miss: `artifacts:reports`
"""
_PAGE = 100
_MAX_PAGES = 20
_ATTEMPTS = 4
_LONGEST_WAIT_S = 120.0
_TIMEOUT = httpx2.Timeout(30.0)


@dataclass(frozen=True, slots=True)
class Host:
    """GitHub as this room needs it: the API's address without a slash at its end, owner/name, a token that may read
    Actions, and the function that sleeps for so many seconds.
    """

    api_url: str
    repository: str
    token: str
    pause: Callable[[float], None]


@dataclass(frozen=True, slots=True)
class OtherRun:
    """The run whose reports are read. `fork` is True when its code came from another repository than ours."""

    id: int
    attempt: int
    branch: str
    commit: str
    url: str
    conclusion: str
    fork: bool


class _Passing(Exception):  # noqa: N818 it is a reason to try again, not an error to show
    """GitHub could not answer just now. `wait_s` is how long it asks for, 0 when it does not say."""

    def __init__(self, text: str, wait_s: float = 0.0) -> None:
        super().__init__(text)
        self.wait_s = wait_s


class _Artifact(BaseModel):
    id: int
    name: str
    size_in_bytes: int
    expired: bool


class _Artifacts(BaseModel):
    total_count: int
    artifacts: list[_Artifact]


class _Repository(BaseModel):
    full_name: str


class _Run(BaseModel):
    id: int
    run_attempt: int = 1
    head_branch: str | None
    head_sha: str
    html_url: str
    conclusion: str | None
    repository: _Repository
    head_repository: _Repository | None


_ARTIFACTS = TypeAdapter(_Artifacts)
_RUN = TypeAdapter(_Run)


def fetch(
    path: str,
    host: Host,
    allowance: Allowance | None = None,
    wanted: Callable[[str, bytes], bool] = looks_like_report,
) -> Iterator[Blob | Problem]:
    """The reports in the artifacts that `path` names, or what else is `wanted` by name and first bytes, in the order of their names.

    Raises UserError for a malformed `path`, a run without such artifacts, or when GitHub refuses or stays away.
    """
    run, pattern = _parsed(path)
    allowed = allowance or Allowance()
    with _client() as client:
        found = [one for one in _listed(client, host, run) if fnmatchcase(one.name, pattern)]
        if not found:
            raise UserError(
                f"{path}: run {run} has no artifact called {pattern}. Check its id and the upload step."
            )
        for artifact in sorted(found, key=lambda one: (one.name, one.id)):
            yield from _files(client, host, artifact, allowed, wanted)


def download(place: str, pause: Callable[[float], None], most: int) -> bytes:
    """What is at a signed address, `most` bytes at most, fetched without any token. Raises UserError."""
    if urlsplit(place).scheme not in {"http", "https"}:
        raise UserError("GitHub answered with a download address that is none. Run again when it is well.")

    def attempt() -> bytes:
        file = io.BytesIO()
        with _client() as client:
            problem = _streamed(client, place, file, most)
        if problem:
            raise UserError(f"the download is {problem}.")
        return file.getvalue()

    return _patiently(pause, attempt)


def other_run(run: int, host: Host) -> OtherRun:
    """What GitHub knows of a run. Raises UserError when it refuses, stays away or has no such run."""
    with _client() as client:
        told = _shaped(_RUN, _json(client, host, f"/actions/runs/{run}", {}), f"run {run}")
    home = told.head_repository.full_name if told.head_repository else ""
    return OtherRun(
        id=told.id,
        attempt=told.run_attempt,
        branch=told.head_branch or "",
        commit=told.head_sha,
        url=told.html_url,
        conclusion=told.conclusion or "",
        fork=home.lower() != told.repository.full_name.lower(),
    )


def strangers_because(path: str, host: Host) -> str:
    """Why the artifacts that `path` names may come from code of strangers; "" when it was ours. Raises UserError."""
    run, _ = _parsed(path)
    return f"run {run} tested code of a fork: summary only" if other_run(run, host).fork else ""


def _parsed(path: str) -> tuple[int, str]:
    """The run's number and the pattern of artifact names."""
    match = _WANTED.fullmatch(path)
    if match is None:
        raise UserError(
            f"{path}: artifacts are named artifacts:RUN or artifacts:RUN/NAME*, RUN being a number."
        )
    return int(match[1]), match[2] or "*"


def _client() -> httpx2.Client:
    """A client that follows no redirect by itself and sends the token nowhere by itself."""
    try:
        return httpx2.Client(
            timeout=_TIMEOUT, follow_redirects=False, headers={"accept": "application/vnd.github+json"}
        )
    except (httpx2.InvalidURL, ValueError):  # it reads the proxy's address from the environment
        raise UserError(
            "HTTPS_PROXY, HTTP_PROXY or ALL_PROXY is no address of a proxy. Mend or unset it, and run again."
        ) from None


def _listed(client: httpx2.Client, host: Host, run: int) -> list[_Artifact]:
    """Every artifact of a run; refuses a list that ends before its own count."""
    found: list[_Artifact] = []
    for page in range(1, _MAX_PAGES + 1):
        data = _json(client, host, f"/actions/runs/{run}/artifacts", {"per_page": _PAGE, "page": page})
        told = _shaped(_ARTIFACTS, data, f"artifacts of run {run}")
        found += told.artifacts
        if len(found) >= told.total_count:
            return found
        if not told.artifacts:
            break
    raise UserError(f"GitHub's list of the artifacts of run {run} is incomplete ({len(found)}). Run again.")


def _files(
    client: httpx2.Client,
    host: Host,
    artifact: _Artifact,
    allowance: Allowance,
    wanted: Callable[[str, bytes], bool],
) -> Iterator[Blob | Problem]:
    """What one artifact holds."""
    name = f"{artifact.name}.zip"
    if artifact.expired:
        yield Problem(name, "the artifact has expired; GitHub keeps it no longer")
    elif artifact.size_in_bytes > (most := allowance.limits.read_mb << 20):
        yield Beyond(name, f"larger than {most >> 20} MB; split the upload or raise limits.read_mb")
    else:
        with tempfile.TemporaryFile() as file:
            if problem := _downloaded(client, host, artifact, file, most):
                yield Problem(name, problem)
            else:
                yield from unzipped(name, file, allowance, wanted)


def _downloaded(client: httpx2.Client, host: Host, artifact: _Artifact, file: IO[bytes], most: int) -> str:
    """Streams the zip into `file` and rewinds it; the reason when there is none to be had."""

    def attempt() -> str:
        file.seek(0)
        file.truncate()
        place = _location(client, host, artifact)
        return (
            _streamed(client, place, file, most)
            if place
            else "the artifact has expired; GitHub keeps it no longer"
        )

    problem = _patiently(host.pause, attempt)
    file.seek(0)
    return problem


def _location(client: httpx2.Client, host: Host, artifact: _Artifact) -> str:
    """Where the zip is now; "" when it has expired. The address holds a signature and is never shown."""
    answer = _ask(client, host, f"/actions/artifacts/{artifact.id}/zip", {})
    if answer.status_code == 410:
        return ""
    told = answer.headers.get("location", "")
    place = urljoin(f"{host.api_url}/", told) if told else ""
    allowed = {"https", urlsplit(host.api_url).scheme}
    if answer.status_code != 302 or urlsplit(place).scheme not in allowed or not urlsplit(place).hostname:
        raise _refusal(answer, f"artifact {artifact.id}")
    return place


def _streamed(client: httpx2.Client, place: str, file: IO[bytes], most: int) -> str:
    """Copies a download to `file`, no more than `most` bytes; the reason when it was stopped."""
    size = 0
    try:
        with client.stream("GET", place) as answer:
            if answer.status_code != 200:
                raise _Passing(f"the storage host answered {answer.status_code}")
            for chunk in answer.iter_bytes():
                size += len(chunk)
                if size > most:
                    return f"larger than {most >> 20} MB; split the upload or raise limits.read_mb"
                file.write(chunk)
    except httpx2.HTTPError as error:
        raise _Passing(f"the download broke off: {type(error).__name__}") from None
    return ""


def _json(client: httpx2.Client, host: Host, path: str, query: Mapping[str, int]) -> Any:
    """The JSON at a path below the repository."""

    def attempt() -> Any:
        answer = _ask(client, host, path, query)
        if answer.status_code != 200:
            raise _refusal(answer, path)
        try:
            return answer.json()
        except ValueError:
            raise _Passing(f"GitHub's answer to {path} is not JSON") from None

    return _patiently(host.pause, attempt)


def _ask(client: httpx2.Client, host: Host, path: str, query: Mapping[str, int]) -> httpx2.Response:
    """One request to the API, with the token."""
    try:
        return client.get(
            f"{host.api_url}/repos/{host.repository}{path}",
            params=dict(query),
            headers={"authorization": f"Bearer {host.token}"},
        )
    except httpx2.HTTPError as error:
        raise _Passing(f"GitHub did not answer {path}: {type(error).__name__}") from None


def _refusal(answer: httpx2.Response, what: str) -> Exception:
    """The exception for an answer that is no success: try again, or tell the user."""
    after = answer.headers.get("retry-after", "")
    spent = answer.headers.get("x-ratelimit-remaining") == "0" or "rate limit" in answer.text[:2000].lower()
    if answer.status_code == 429 or (answer.status_code == 403 and (spent or after)):
        return _Passing(f"GitHub's rate limit ({what})", float(after) if after.isdigit() else 60.0)
    if answer.status_code >= 500 or answer.status_code < 400:
        return _Passing(f"GitHub answered {answer.status_code} to {what}")
    hint = {
        401: "the token is not accepted",
        403: "the token needs actions: read",
        404: "there is no such run",
    }
    why = hint.get(answer.status_code, "unexpected")
    return UserError(f"GitHub refused {what}: {answer.status_code}, {why}.")


def _shaped(adapter: TypeAdapter[T], data: Any, what: str) -> T:
    """`data` as the adapter's type; an answer of another shape is an outage."""
    try:
        return adapter.validate_python(data)
    except ValidationError:
        raise UserError(
            f"GitHub answered something else than the {what}. Run again when it is well."
        ) from None


def _patiently(pause: Callable[[float], None], attempt: Callable[[], T]) -> T:
    """What `attempt` returns, asked for a few times."""

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait_s if isinstance(error, _Passing) else 0.0
        return min(_LONGEST_WAIT_S, max(asked, 2.0**state.attempt_number))

    retrying = Retrying(
        sleep=pause,
        wait=wait,
        stop=stop_after_attempt(_ATTEMPTS),
        retry=retry_if_exception_type(_Passing),
        reraise=True,
    )
    try:
        return retrying(attempt)
    except _Passing as error:
        raise UserError(f"{error}; {_ATTEMPTS} attempts. Run again when GitHub is well.") from None
