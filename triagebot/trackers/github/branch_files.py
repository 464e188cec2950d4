"""Files on a branch that shares no history with the code: a home for teams that have nothing but GitHub.

In: names and bytes. Out: names and bytes. Every write is one commit, made through the git data API and put in place by
a compare-and-swap on the ref: when somebody was faster, the write is built anew on what they wrote, so that no run's
file is lost whoever races. Content is not looked at here, and nothing is ever forced.
"""

import base64
import binascii
import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar
from urllib.parse import quote

from pydantic import BaseModel, TypeAdapter

from triagebot.sources.artifacts import download
from triagebot.trackers import TrackerError
from triagebot.trackers.github.requests import Api, GoneError, RefusedError
from triagebot.trackers.github.responses import OddAnswerError, shaped
from triagebot.trackers.github.safe_writes import post_once

T = TypeVar("T")
ATTEMPTS = 20
"""How often a write is built anew; racing runs are few, and each attempt that loses means that another one won."""
_FILE_MODE = "100644"
_MOST_BYTES = 256 << 20


class _Object(BaseModel):
    sha: str


class _Ref(BaseModel):
    object: _Object


class _Commit(BaseModel):
    sha: str
    tree: _Object


class _Entry(BaseModel):
    path: str
    type: str
    sha: str


class _Tree(BaseModel):
    sha: str
    tree: list[_Entry]
    truncated: bool


class _Blob(BaseModel):
    content: str
    encoding: str


_SHA = TypeAdapter(_Object)
_REF = TypeAdapter(_Ref)
_COMMIT = TypeAdapter(_Commit)
_TREE = TypeAdapter(_Tree)
_BLOB = TypeAdapter(_Blob)


class Branch:
    """The files on one branch. `pause` sleeps for so many seconds, `now` is the clock."""

    def __init__(
        self, api: Api, name: str, *, pause: Callable[[float], None], now: Callable[[], datetime]
    ) -> None:
        self.api = api
        self.name = name
        self.pause = pause
        self.now = now

    def names(self) -> tuple[str, ...]:
        """The paths of all files, sorted; () when the branch does not exist yet. Raises TrackerError when cut off."""
        tip = self._tip()
        return tuple(sorted(self._entries(tip))) if tip else ()

    def read(self, name: str) -> bytes | None:
        """The content of one file; None when there is none of that name."""
        tip = self._tip()
        sha = self._entries(tip).get(name) if tip else None
        return self._content(sha) if sha else None

    def read_all(self) -> dict[str, bytes]:
        """Every file by its path, in two requests however many there are; {} when the branch does not exist yet."""
        if self._tip() is None:
            return {}
        place = self.api.location(f"/zipball/{quote(self.name)}")
        return _unzipped(download(place, self.pause, _MOST_BYTES))

    def write(self, files: Mapping[str, bytes | None], message: str) -> str:
        """Adds or replaces files (None removes one) in one commit and returns the branch's commit after it ("" for none).

        Raises TrackerError when GitHub refuses, or when others were faster too many times in a row.
        """
        blobs = {
            name: self._stored(data) if data is not None else None for name, data in sorted(files.items())
        }
        for attempt in range(ATTEMPTS):
            tip = self._tip()
            commit = self._committed(tip, blobs, message)
            if commit is None:
                return tip or ""
            if self._swapped(tip, commit):
                return commit
            self.pause(min(10.0, 0.5 * (attempt + 1)))
        raise TrackerError(f"branch {self.name}: others were faster {ATTEMPTS} times in a row; run again")

    def _tip(self) -> str | None:
        """The commit that the branch names; None when there is no such branch."""
        try:
            _, data = self.api.get(f"/git/ref/heads/{quote(self.name)}")
        except GoneError:
            return None
        return shaped(_REF, data, "a ref").object.sha

    def _entries(self, commit: str) -> dict[str, str]:
        """Blob shas by path."""
        _, data = self.api.get(f"/git/trees/{commit}", {"recursive": "1"})
        tree = shaped(_TREE, data, "a tree")
        if tree.truncated:
            raise OddAnswerError(f"branch {self.name} holds more files than GitHub lists; prune it")
        return {entry.path: entry.sha for entry in tree.tree if entry.type == "blob"}

    def _content(self, sha: str) -> bytes:
        """The bytes of a blob."""
        _, data = self.api.get(f"/git/blobs/{sha}")
        blob = shaped(_BLOB, data, "a blob")
        try:
            return base64.b64decode(blob.content) if blob.encoding == "base64" else blob.content.encode()
        except binascii.Error:
            raise OddAnswerError("GitHub answered a blob that is not base64") from None

    def _stored(self, data: bytes) -> str:
        """The sha of a blob with this content. Git names content by its hash, so that storing it twice is harmless."""
        given = {"content": base64.b64encode(data).decode(), "encoding": "base64"}
        return self._post(lambda: shaped(_SHA, self.api.send("POST", "/git/blobs", given), "a blob")).sha

    def _committed(self, tip: str | None, blobs: Mapping[str, str | None], message: str) -> str | None:
        """A new commit on top of `tip` with these files; None when it would change nothing."""
        there = self._entries(tip) if tip else {}
        changed = {name: sha for name, sha in blobs.items() if there.get(name) != sha}
        if not changed:
            return None
        tree = {"base_tree": self._tree_of(tip)} if tip else {}
        entries = [{"path": n, "mode": _FILE_MODE, "type": "blob", "sha": sha} for n, sha in changed.items()]
        made = self._post(
            lambda: shaped(_SHA, self.api.send("POST", "/git/trees", {**tree, "tree": entries}), "a tree")
        )
        given = {"message": message, "tree": made.sha, "parents": [tip] if tip else []}
        return self._post(lambda: shaped(_SHA, self.api.send("POST", "/git/commits", given), "a commit")).sha

    def _tree_of(self, commit: str) -> str:
        """The tree of a commit."""
        _, data = self.api.get(f"/git/commits/{commit}")
        return shaped(_COMMIT, data, "a commit").tree.sha

    def _swapped(self, tip: str | None, commit: str) -> bool:
        """Moves the branch from `tip` to `commit`; False when it is elsewhere by now."""
        try:
            if tip is None:
                given = {"ref": f"refs/heads/{self.name}", "sha": commit}
                self._post(
                    lambda: self.api.send("POST", "/git/refs", given), lambda: self._tip() == commit or None
                )
            else:
                path, moved = f"/git/refs/heads/{quote(self.name)}", {"sha": commit, "force": False}
                self._post(lambda: self.api.send("PATCH", path, moved))
        except RefusedError as error:
            if error.status not in (409, 422):
                raise
            return self._tip() == commit
        return True

    def _post(self, send: Callable[[], T], look: Callable[[], T | None] = lambda: None) -> T:
        """POST with our clock. Objects are named by their content, so that only refs need a look."""
        return post_once(send, look, pause=self.pause, now=self.now)


def _unzipped(data: bytes) -> dict[str, bytes]:
    """The files in a branch's zip, without the folder that GitHub puts around them."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = [entry for entry in archive.infolist() if not entry.is_dir()]
            if sum(entry.file_size for entry in files) > _MOST_BYTES:
                raise OddAnswerError(f"the branch unpacks to more than {_MOST_BYTES >> 20} MB; prune it")
            return {entry.filename.partition("/")[2]: archive.read(entry) for entry in files}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError) as error:
        raise OddAnswerError(f"GitHub answered a branch that cannot be unzipped: {error}") from None
