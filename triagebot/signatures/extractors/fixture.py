"""A test that could not even begin for the sake of its fixtures or plugins."""

import re

from triagebot.signatures.subject import Finding, Subject, finding

_SAID = tuple(
    (problem, re.compile(pattern), title)
    for problem, pattern, title in (
        ("not_found", r"fixture '(?P<name>[\w.-]{1,120})' not found", "Fixture {name} not found"),
        (
            "recursive",
            r"recursive dependency involving fixture '(?P<name>\w{1,120})' detected",
            "Fixture {name} depends on itself",
        ),
        (
            "called_directly",
            r"Fixture \"(?P<name>\w{1,120})\" called directly",
            "Fixture {name} called directly",
        ),
        (
            "scope",
            r"ScopeMismatch: You tried to access the \w{1,20} scoped fixture (?P<name>\w{1,120})",
            "Fixture {name} has too narrow a scope",
        ),
        ("yielded_twice", r"fixture function has more than one 'yield'", "A fixture yields more than once"),
        (
            "did_not_yield",
            r"(?P<name>\w{1,120}) did not yield a value",
            "Fixture {name} did not yield a value",
        ),
        (
            "async_unsupported",
            r"async def functions are not natively supported",
            "Async tests without a plugin that runs them",
        ),
        (
            "not_a_param",
            r"function uses no (?:fixture|argument) '(?P<name>\w{1,120})'",
            "Parametrised argument {name} is not used",
        ),
    )
)
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
