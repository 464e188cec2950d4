"""Exit 1 when commits change what users see and CHANGELOG.md says nothing of it.

Usage: check_changelog.py BASE. What users see are the package, its prompts and the Action. A change that nobody can see
says so by the line `Changelog: none` in one of its commits.
"""

import subprocess
import sys

VISIBLE = ("triagebot/", "prompts/", "action.yml", ".github/action/")
EXEMPT = "Changelog: none"


def git(*args: str) -> str:
    return subprocess.run(["git", *args], check=True, capture_output=True, text=True).stdout


def main(base: str) -> int:
    start = git("merge-base", base, "HEAD").strip()
    changed = git("diff", "--name-only", start, "HEAD").splitlines()
    seen = [path for path in changed if path.startswith(VISIBLE)]
    if not seen or "CHANGELOG.md" in changed or EXEMPT in git("log", "--format=%B", f"{start}..HEAD"):
        return 0
    print(f"{seen[0]} and {len(seen) - 1} more changed, and CHANGELOG.md did not.")
    print(
        f"Add a line under [Unreleased], or `{EXEMPT}` to a commit's message where no user can see the change."
    )
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
