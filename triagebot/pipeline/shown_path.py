"""A file's path as people may see it: nothing of the machine on which it lies."""

from pathlib import Path, PurePosixPath


def shown_path(path: str, folder: Path) -> str:
    """`path` seen from `folder`; of an absolute path elsewhere, no more than the last folder and the name.

    What is no absolute path stays as it is.
    """
    here = f"{folder.as_posix().rstrip('/')}/"
    if path.startswith(here):
        return path.removeprefix(here)
    parts = PurePosixPath(path).parts
    return f"…/{'/'.join(parts[-2:])}" if path.startswith("/") and len(parts) > 3 else path
