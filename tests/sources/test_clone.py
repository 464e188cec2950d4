"""Who touched a function and who owns a file, by the real git: names as the plugin spells them, files as they lie."""

from pathlib import Path

import pytest

from tests.doubles.opened import opened
from tests.sources.test_git import commit, run
from triagebot.causes.model import SuspectFunction
from triagebot.sources.clone import SECONDS, Clone

CODE = """\
RATE = 1

if RATE:
    def chosen():
        return {chosen}


class Till:
    @property
    @staticmethod
    def total(self):
        def inner():
            return {inner}
        return inner()

    @total.setter
    def total(self, value):
        self.value = {setter}


async def asked():
    return {asked}
"""
FIRST = dict.fromkeys(("chosen", "inner", "setter", "asked"), 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return started(tmp_path)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone in which one commit after the other changes a function and puts it back."""
    folder = started(tmp_path_factory.mktemp("clone"))
    for name in FIRST:
        commit(folder, name, {"src/app/till.py": CODE.format(**{**FIRST, name: 1})})
        commit(folder, "back", {"src/app/till.py": CODE.format(**FIRST)})
    return folder


def started(folder: Path) -> Path:
    run(folder, "init", "-q", "-b", "main")
    commit(folder, "first", {"src/app/till.py": CODE.format(**FIRST), "app/other.py": "", "lib/till.py": ""})
    return folder


def subjects(
    folder: Path, function: str, line: int, *, above: int = 0, place: str = "app/till.py"
) -> list[str]:
    good = run(folder, "rev-list", "--max-parents=0", "HEAD")
    asked = SuspectFunction(f"app.till:{function}", f"{place}:{line}", above, 1, 1)
    found = opened(Clone(folder, lambda: 0.0).suspects([asked], good, "HEAD"))
    return [f"{one.subject}: {one.touches.partition(',')[0]}" for one in found]


@pytest.mark.parametrize(
    ("function", "line", "by"),
    [
        ("chosen", 4, "chosen"),
        ("Till.total", 9, "inner"),
        ("Till.total.<locals>.inner", 12, "inner"),
        ("Till.total", 16, "setter"),
        ("Till.total.<locals>.<lambda>", 9, "inner"),
        ("asked", 21, "asked"),
    ],
)
def test_a_function_is_found_by_its_qualified_name(changed: Path, function: str, line: int, by: str) -> None:
    found = subjects(changed, function, line)
    assert [one for one in found if one.endswith(f": {function}")] == [
        f"back: {function}",
        f"{by}: {function}",
    ]


def test_a_commit_that_moves_a_function_did_not_touch_it(folder: Path) -> None:
    commit(folder, "longer", {"src/app/till.py": "# one\n# two\n" + CODE.format(**FIRST)})
    assert subjects(folder, "asked", 23) == ["longer: till.py beside the functions on the way"]
    assert subjects(folder, "asked", 23, above=1) == []


def test_who_took_a_function_away_or_its_file_is_suspect(folder: Path) -> None:
    commit(folder, "gone", {"src/app/till.py": "RATE = 1\n"})
    assert subjects(folder, "asked", 21) == ["gone: till.py beside the functions on the way"]
    commit(folder, "no file", {"src/app/till.py": None})
    assert [one.partition(":")[0] for one in subjects(folder, "asked", 21)] == ["no file", "gone"]


@pytest.mark.parametrize("code", ["def asked(:\n", "(" * 100_000, "def asked():\n    return 1\n\0"])
def test_code_that_cannot_be_parsed_is_looked_at_as_a_file(folder: Path, code: str) -> None:
    commit(folder, "odd", {"src/app/till.py": code})
    assert [one.partition(":")[0] for one in subjects(folder, "asked", 1)] in (["odd"], [])


PATHS = [
    ("src/app/till.py:3", "src/app/till.py"),
    ("app/till.py:3", "src/app/till.py"),
    ("/usr/lib/python3/site-packages/app/till.py:3", "src/app/till.py"),
    ("till.py:3", ""),  # two files end like this
    ("other.py:3", "app/other.py"),
    ("elsewhere/other.py:3", ""),  # only the name is the same
    ("app/none.py:3", ""),
    ("", ""),
]


@pytest.mark.parametrize(("place", "path"), PATHS)
def test_a_place_is_the_one_file_that_ends_alike(folder: Path, place: str, path: str) -> None:
    assert Clone(folder, lambda: 0.0).path(place) == path
    assert Clone(folder / "src", lambda: 0.0).path(place) == path


OWNERS = [
    ("*.py @all\n/src/ @src\n", "src/app/till.py", ("@src",)),
    ("/src/ @src # @comment\n# /src/ @line\n", "src/app/till.py", ("@src",)),
    ("* @a @org/b c@example.com\n", "src/app/till.py", ("@a", "@org/b", "c@example.com")),
    ("* @all\n/src/app/\n", "src/app/till.py", ()),  # a line without owners takes them away
    ("[unfinished @all\n", "src/app/till.py", ()),
    ("/docs/ @docs\n", "src/app/till.py", ()),
]


@pytest.mark.parametrize("place", [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"])
@pytest.mark.parametrize(("text", "path", "owners"), OWNERS[:1])
def test_owners_are_read_where_github_reads_them(
    folder: Path, place: str, text: str, path: str, owners: tuple[str, ...]
) -> None:
    commit(folder, "owners", {place: text})
    assert opened(Clone(folder, lambda: 0.0).owners(path)) == owners


@pytest.mark.parametrize(("text", "path", "owners"), OWNERS)
def test_the_last_line_that_fits_names_the_owners(
    folder: Path, text: str, path: str, owners: tuple[str, ...]
) -> None:
    commit(folder, "owners", {"CODEOWNERS": text})
    assert opened(Clone(folder, lambda: 0.0).owners(path)) == owners


def test_when_its_time_is_up_git_is_asked_no_more(folder: Path) -> None:
    times = iter([0.0, *[SECONDS + 1] * 9])
    clone = Clone(folder, lambda: next(times))
    assert clone.path("app/till.py:3") == ""
