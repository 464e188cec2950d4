"""Passwords on the command lines of known programs: `mysql -px`, `['curl', '-u', 'ci:x']`, `sshpass -p x`.

In: text, and the same text in lower case. Out: spans. A short option means a password only beside the program for which
it does (`-p` is a port elsewhere), so the program has to stand on the same line, a bounded way before the option.
"""

import re
from collections.abc import Iterator

from triagebot.redact.key_values import VALUE, is_secret
from triagebot.redact.model import Span
from triagebot.redact.surroundings import STANDS_FOR

_REACH = 300
_OPTION = re.compile(r"-(?<=[\s\"'(,]-)[apuwPU](?=[^\s-]|[ ][^-\s]|\\{0,4}[\"'],)")
"""A short option that is a password for some program. Hit: `mysql -px7kq`. Miss: `mysql -h db`."""
_USER = re.compile(r"--(?:proxy-)?user(?:[ \t]{1,3}|=|\\{0,4}[\"'],\s{0,40})(?=[^\s-])")
"""The long option of curl. Hit: `curl --user ci:x7kq`. Miss: `curl --user-agent x`."""
_ITEM = re.compile(r"b?\\{0,4}[\"']")
"""The start of an item in a list of arguments. Hit: `"x7Kq`. Miss: `x7Kq`."""
_GAP = re.compile(r"\\{0,4}[\"'],\s{0,40}|[ \t]{1,3}")
"""What stands between an option and its value, on a line or in a list of arguments. Hit: `', 'x7Kq`. Miss: `x7Kq`."""

# Which option is a password (or `user:password`, after u and U), by the program's name and its subcommand.
_PROGRAMS = re.compile(
    r"(?<![\w.-])(?:(?P<p>mysql[a-z]{0,8}|mariadb[a-z-]{0,8}|mongo[a-z]{0,8}|sshpass|influx|7z|rar|twine|poetry"
    r"|(?:docker|podman|nerdctl|az|oc|cf|helm|crane|skopeo|oras)(?:[\s\"',]{1,8}registry)?[\s\"',]{1,8}login)"
    r"|(?P<a>redis-cli|redis-benchmark|valkey-cli|http|https)|(?P<u>curl|lftp)"
    r"|(?P<w>ldap(?:search|modify|add|delete|whoami|passwd))"
    r"|(?P<P>sqlcmd|bcp|unzip|zip)|(?P<U>smbclient|rpcclient))(?=[\s\"',])"
)
"""Hit: `mysql -p`. Hit: `docker login -p`. Hit: `curl -u`. Miss: `ssh -p`."""
_PAIR = re.compile(r"[^\s\"'\\:%,]{0,100}[:%,](?P<value>[^\s\"'\\]{1,1024})")
"""`user:password`. Hit: `ci:x7Kq`. Miss: `ci`."""
_ATTACHED = re.compile(r"[^\s\"'\\,;)\]]{1,1024}")
"""A password that stands right behind its option. Hit: `x7Kq"`. Miss: `"x7Kq`."""

_POSITIONAL = re.compile(
    r"(?:htpasswd(?:[ \t]{1,3}-[a-zA-Z0-9]{1,8}){1,6}[ \t]{1,3}\S{1,200}[ \t]{1,3}\S{1,100}"
    r"|rabbitmqctl[ \t]{1,3}(?:add_user|change_password|authenticate_user)[ \t]{1,3}\S{1,100}"
    r"|config[ \t]{1,3}http-basic[.]\S{1,80}[ \t]{1,3}\S{1,100}"
    r"|mc[ \t]{1,3}alias[ \t]{1,3}set[ \t]{1,3}\S{1,100}[ \t]{1,3}\S{1,200}[ \t]{1,3}\S{1,100})[ \t]{1,3}"
)
"""Programs that take a password as a fixed argument, and what stands before it.

Hit: `htpasswd -bc users ci x7kq`
Hit: `rabbitmqctl add_user ci x7kq`
Miss: `htpasswd users ci`
"""
_POSITIONAL_MARKS = ("htpasswd ", "rabbitmqctl ", "mc alias ", "config http-basic")


def command_lines(text: str, lower: str) -> Iterator[Span]:
    """Values of options and places that are passwords for the program on this line."""
    for found in _OPTION.finditer(text):
        letter = text[found.end() - 1]
        if letter == _option_of(text, lower, found.start()):
            yield from _value(text, found.end(), pair=letter in "uU")
    for found in _USER.finditer(lower):
        if _option_of(text, lower, found.start()) == "u":
            yield from _paired(text, found.end())
    for mark in _POSITIONAL_MARKS:
        yield from _positional(text, lower, mark)


def _option_of(text: str, lower: str, at: int) -> str | None:
    """The letter of the password's option for the last program named before `at` on its line."""
    low = max(at - _REACH, text.rfind("\n", 0, at) + 1)
    letter = None
    for program in _PROGRAMS.finditer(lower, low, at):
        letter = program.lastgroup
    return letter


def _value(text: str, end: int, *, pair: bool) -> Iterator[Span]:
    """The password that begins after an option, attached to it or not."""
    gap = _GAP.match(text, end)
    start = gap.end() if gap else end
    if pair:
        yield from _paired(text, start)
        return
    if gap and "," in gap[0] and not _ITEM.match(text, start):
        return  # a variable in a list of arguments
    value = (
        VALUE.match(text, start) if gap or text[start : start + 1] in "\"'" else _ATTACHED.match(text, start)
    )
    if value:
        group = value.lastgroup or 0
        yield from _judged(value[group], *value.span(group))


def _paired(text: str, start: int) -> Iterator[Span]:
    """The password in `user:password` that begins at `start`, quoted or not."""
    while start < len(text) and text[start] in "\\\"'b":
        if text[start] == "b" and text[start + 1 : start + 2] not in ("'", '"'):
            break
        start += 1
    if pair := _PAIR.match(text, start):
        yield from _judged(pair["value"], *pair.span("value"))


def _judged(value: str, start: int, end: int) -> Iterator[Span]:
    if not value.startswith("$") and is_secret("password", value, quoted=True, assigned=True):
        yield Span(start, end, "password")


def _positional(text: str, lower: str, mark: str) -> Iterator[Span]:
    """The password that is the last of a program's fixed arguments."""
    at = lower.find(mark)
    while at >= 0:
        lead = _POSITIONAL.match(lower, at)
        value = _ATTACHED.match(text, lead.end()) if lead else None
        if value and not STANDS_FOR.match(value[0]):
            yield from _judged(value[0], *value.span())
        at = lower.find(mark, at + len(mark))
