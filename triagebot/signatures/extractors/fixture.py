"""A test that could not even begin for the sake of its fixtures or plugins."""

import re

from triagebot.signatures.subject import Finding, Subject, finding

_SAID = tuple(
    (problem, re.compile(pattern), title)
    for problem, pattern, title in (
        # Hit: `fixture 'db' not found`
        ("not_found", r"fixture '(?P<name>[\w.-]{1,120})' not found", "Fixture {name} not found"),
        # Hit: `recursive dependency involving fixture 'db' detected`
        (
            "recursive",
            r"recursive dependency involving fixture '(?P<name>\w{1,120})' detected",
            "Fixture {name} depends on itself",
        ),
        # Hit: `Fixture "db" called directly`
        (
            "called_directly",
            r"Fixture \"(?P<name>\w{1,120})\" called directly",
            "Fixture {name} called directly",
        ),
        # Hit: `ScopeMismatch: You tried to access the function scoped fixture db`
        (
            "scope",
            r"ScopeMismatch: You tried to access the \w{1,20} scoped fixture (?P<name>\w{1,120})",
            "Fixture {name} has too narrow a scope",
        ),
        # Hit: `fixture function has more than one 'yield'`
        ("yielded_twice", r"fixture function has more than one 'yield'", "A fixture yields more than once"),
        # Hit: `db did not yield a value`
        (
            "did_not_yield",
            r"(?P<name>\w{1,120}) did not yield a value",
            "Fixture {name} did not yield a value",
        ),
        # Hit: `async def functions are not natively supported`
        (
            "async_unsupported",
            r"async def functions are not natively supported",
            "Async tests without a plugin that runs them",
        ),
        # Hit: `function uses no argument 'db'`
        (
            "not_a_param",
            r"function uses no (?:fixture|argument) '(?P<name>\w{1,120})'",
            "Parametrised argument {name} is not used",
        ),
    )
)
"""What pytest says about a fixture or an argument that is declared wrongly. Miss: `fixture 'db' is slow`."""
_GATES = ("fixture", "scopemismatch", "natively supported", "did not yield a value", "function uses no")


def fixture(subject: Subject) -> Finding | None:
    """`fixture` with the problem and the fixture's name."""
    low = subject.lowered
    if not any(map(low.__contains__, _GATES)):
        return None
    for problem, pattern, title in _SAID:
        if found := pattern.search(subject.text):
            name = found.groupdict().get("name") or ""
            return finding("fixture", title.format(name=name), found[0], problem=problem, name=name)
    return None
