"""Failures as reports carry them, made from one line: what the tables of this room share."""

from triagebot.reports.model import Failure

RULE = "_ " * 40


def failure(
    message: str, text: str = "", *, test: str = "tests/e2e/test_a.py::test_b", phase: str = "call"
) -> Failure:
    return Failure(test, "tests.e2e.test_a.test_b", phase, message, text)


def long_text(
    type_: str, message: str, *, statement: str = "client.call()", path: str = "tests/e2e/test_a.py"
) -> str:
    """pytest's long style for one exception raised in a test."""
    told = "\n".join(f"E       {line}" for line in f"{type_}: {message}".split("\n"))
    bare = type_.rpartition(".")[2]
    return f"    def test_b():\n>       {statement}\n{told}\n\n{path}:12: {bare}"


def short_text(
    type_: str, message: str, *, statement: str = "client.call()", path: str = "tests/e2e/test_a.py"
) -> str:
    told = "\n".join(f"E   {line}" for line in f"{type_}: {message}".split("\n"))
    return f"{path}:12: in test_b\n    {statement}\n{told}"


def native_text(
    type_: str, message: str, *, statement: str = "client.call()", path: str = "tests/e2e/test_a.py"
) -> str:
    return f'Traceback (most recent call last):\n  File "/w/{path}", line 12, in test_b\n    {statement}\n{type_}: {message}'


def in_app(type_: str, message: str, *, module: str = "src/app/client.py", function: str = "send") -> str:
    """pytest's long style for an exception that the code under test raised."""
    bare = type_.rpartition(".")[2]
    told = "\n".join(f"E       {line}" for line in f"{type_}: {message}".split("\n"))
    return (
        f"    def test_b():\n>       client.call()\n\ntests/e2e/test_a.py:12: \n{RULE}\n\n"
        f"    def {function}(self):\n>       raise it\n{told}\n\n{module}:44: {bare}"
    )
