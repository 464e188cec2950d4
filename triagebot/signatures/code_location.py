"""Where in the code a failure lies: as module and function, without lines or checkout.

In: frames, outermost first. Out: `module:function` of the code under test, for which frames of the interpreter, of
installed packages, of the runner and of tests never count; `folder/module:function` of whatever frame is innermost
(`spot`); frames without the runner's or the libraries' at their end. Line numbers never count.
"""

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

from triagebot.reports.model import Frame

_LIBRARY = re.compile(
    r"(?:^|/)(?:site-packages|dist-packages|_pytest|pluggy|lib(?:64)?/python\d(?:\.\d{1,2})?|\.tox|node_modules)/"
    r"|(?:[Pp]ython[\d.]{0,6}|[Mm]ini(?:conda|forge)\d?|[Aa]naconda\d?|envs/[\w.-]{1,80})/Lib/"
    r"|^node:|(?:^|/)internal/(?:process|timers|modules)/"
    r"|^(?:java|javax|jdk|sun|com/sun|kotlin|kotlinx|scala|groovy"
    r"|org/(?:junit|testng|apache|springframework|hamcrest|assertj|mockito|gradle|openqa|codehaus)"
    r"|io/netty|okhttp3|reactor|com/intuit/karate|io/restassured)/.{1,300}\.(?:java|kt|scala|groovy)$"
    r"|/usr/(?:lib|share|local)/(?:go|php|ruby|dotnet)|/gems/|/rubygems-integration/"
    r"|/bin/(?:rspec|ruby|bundle|rake)$|/vendor/|^/rustc/|/\.cargo/"
    r"|^(?:System|Microsoft|Xunit|NUnit)/.{1,300}\.cs$|/jest-circus/|^webpack-internal:"
    r"|^<frozen |^<string>|\.(?:pyx|pxd|c|cpp|rs)$|/importlib/|/Python3\d{1,2}/lib/",
)
"""Files that belong to a library or a runner rather than to the tests or the program.

Hit: `/srv/.venv/lib/python3.11/site-packages/httpx/_client.py`
Hit: `node:internal/process/task_queues`
Hit: `/home/ada/.cargo/registry/serde.rs`
Miss: `/srv/shop/app/client.py`
"""

_RUNNER = re.compile(
    r"(?:^|/)(?:lib(?:64)?/python\d(?:\.\d{1,2})?|[Ll]ib)/unittest/\w{1,40}\.py$|(?:^|/)_pytest/"
)
"""Files of unittest and pytest.

Hit: `/usr/lib/python3.11/unittest/case.py`
Miss: `/srv/shop/unittest_helpers.py`
"""


_TEST_ELSEWHERE = re.compile(
    r"\.(?:test|spec|cy|e2e)\.[cm]?[jt]sx?$|_(?:test|spec)\.(?:go|rb|rs|dart|exs?)$"
    r"|(?:Tests?|IT|Spec|Steps|TestCase)\.(?:java|kt|scala|groovy|cs|php)$|/test_\w{1,100}\.rb$"
    r"|(?:^|/)(?:__tests__|cypress|e2e|features|step_definitions|steps|spec|specs|src/test|integration)/|\.feature$"
)
"""Test files of other languages, by the names that their runners look for.

Hit: `src/cart.spec.ts`
Hit: `src/test/CartTest.java`
Hit: `cypress/cart.js`
Miss: `src/cart.ts`
"""


def innermost(frames: Sequence[Frame], in_app: Sequence[str] = ()) -> str:
    """`module:function` of the innermost frame of the code under test; "" when all frames are tests or libraries."""
    frame = frame_in_app(frames, in_app)
    return f"{module(frame.path)}:{frame.function}".rstrip(":") if frame else ""


def frame_in_app(frames: Sequence[Frame], in_app: Sequence[str] = ()) -> Frame | None:
    """The innermost frame that is neither a library's nor a test's; with `in_app` globs, the innermost that they name."""
    for frame in reversed(frames):
        if any(fnmatchcase(frame.path.replace("\\", "/"), glob) for glob in in_app):
            return frame
        if not in_app and not is_library(frame.path) and not is_test(frame.path):
            return frame
    return None


def without_runner(frames: Sequence[Frame]) -> tuple[Frame, ...]:
    """The frames to where a test handed over to the runner's own assertions (unittest, its mocks, pytest)."""
    last = len(frames)
    while last and _RUNNER.search(frames[last - 1].path.replace("\\", "/")):
        last -= 1
    return tuple(frames[:last])


def without_library(frames: Sequence[Frame]) -> tuple[Frame, ...]:
    """The frames to where the project's own code, tests and all, called into somebody else's."""
    last = len(frames)
    while last and is_library(frames[last - 1].path):
        last -= 1
    return tuple(frames[:last])


def spot(frames: Sequence[Frame]) -> str:
    """`folder/module:function` of the innermost frame, whatever it is; "" when no function is shown.

    The folder tells `orders/test_api.py` from `users/test_api.py`, which name their tests alike.
    """
    if not frames or not frames[-1].function:
        return ""
    folder, _slash, name = frames[-1].path.replace("\\", "/").rpartition("/")
    return f"{folder.rpartition('/')[2]}/{name.removesuffix('.py')}:{frames[-1].function}".lstrip("/")


def module(path: str) -> str:
    """The file's name without suffix; of a package's `__init__`, the package's name."""
    parts = path.replace("\\", "/").removesuffix(".py").split("/")
    name = parts[-1]
    if name in {"__init__", "__main__", "main"} and len(parts) > 1:
        return f"{parts[-2]}.{name}"
    return name


def module_of(frames: Sequence[Frame], in_app: Sequence[str] = ()) -> str:
    """The module of the innermost frame of the code under test, or ""."""
    frame = frame_in_app(frames, in_app)
    return module(frame.path) if frame else ""


@lru_cache(maxsize=4096)
def is_library(path: str) -> bool:
    """Whether a frame's file belongs to the interpreter, an installed package or the test runner."""
    return _LIBRARY.search(path.replace("\\", "/")) is not None


@lru_cache(maxsize=4096)
def is_test(path: str) -> bool:
    """Whether a file is one of pytest's own kind: a test module or a conftest, or lies in a folder of tests."""
    *folders, name = path.replace("\\", "/").split("/")
    if not name.endswith((".py", ".pyx", ".pyc")) and _TEST_ELSEWHERE.search(path.replace("\\", "/")):
        return True
    return (
        name.startswith("test_")
        or name.endswith(("_test.py", "_tests.py"))
        or name == "conftest.py"
        or "tests" in folders
        or "test" in folders
    )
