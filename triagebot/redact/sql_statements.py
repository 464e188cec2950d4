"""Passwords in SQL: of users and roles, and values of columns that are named for a secret.

In: text, and the same text in lower case. Out: spans. Statements are followed over lines, but for a bounded way.
"""

import re
from collections.abc import Generator, Iterator

from triagebot.redact.key_values import is_secret, kind_of, names_a_secret
from triagebot.redact.model import Span

_LITERAL = r"(?:'(?:[^'\\\r\n]|''|\\[^\r\n]){0,1024}'|\"(?:[^\"\\\r\n]|\\[^\r\n]){0,1024}\")"
_IDENTIFIED = re.compile(
    r"f(?<=identif)ied[ \t\r\n]{1,8}(?:with[ \t\r\n]{1,8}['\"]?\w{1,40}['\"]?[ \t\r\n]{1,8})?(?:by|as)"
    rf"[ \t\r\n]{{1,8}}(?:password\()?(?P<value>{_LITERAL})"
)
"""The password of a user in MySQL and Oracle.

Hit: `create user ci identified by 'x7kq'`
Miss: `identified by the team`
"""
_OF_USER = re.compile(r"\b(?:user|role|grant|login|account)\b")
"""What the statement is about; elsewhere `identified by` is prose.

Hit: `alter user ci`
Miss: `alter table users`
"""
_PASSWORD = re.compile(
    r"w(?<=passw)ord(?<![\w.]password)(?:[ ]for[ ][^\r\n=]{1,120}=)?"
    rf"[ \t\r\n]{{1,8}}(?P<value>{_LITERAL})"
)
"""The password of a role in PostgreSQL, and in MySQL's `set password`.

Hit: `alter role ci password 'x7kq'`
Miss: `user.password 'x7kq'`
"""

_INSERT = re.compile(
    r"insert[ \t\r\n]{1,8}(?:or[ \t]\w{1,10}[ \t])?into[ \t\r\n]{1,8}[\w.`\"\[\]]{1,120}[ \t\r\n]{0,8}\("
    r"(?P<columns>[^()]{1,4096})\)[^()']{0,80}?values[ \t\r\n]{0,8}"
)
"""A statement that fills named columns.

Hit: `insert into users (name, password) values `
Miss: `insert into users values `
"""
_ASSIGNED = re.compile(
    r"[`\"\[]?(?P<name>[a-z_][\w]{0,80})[`\"\]]?[ ]?(?:=|!=|<>|like)[ ]?(?:\?|%s|\$[0-9]{1,3})"
)
"""A column that a placeholder fills or is compared with. Hit: `password_hash = %s`. Miss: `password_hash = now()`."""
_PARAMETERS = re.compile(r"\[parameters: ")
"""Where SQLAlchemy prints what the placeholders stood for.

Hit: `[parameters: ('ada', 'x7kq')]`
Miss: `parameters: ('ada', 'x7kq')`
"""
_ITEM = re.compile(
    rf"[ \t\r\n]{{0,80}}(?:(?:E[ \t]{{1,12}})?)"
    rf"(?:[bNEU]{{0,2}}(?P<literal>{_LITERAL})|(?P<other>[^'\",()\r\n]{{1,400}}))[ \t\r\n]{{0,80}}"
    rf"(?P<end>[,)])"
)
"""One value of a row. Hit: `'x7Kq',`. Hit: `42)`. Miss: `'x7Kq`."""
_STATEMENT = 8_192
_ROWS = 256


def sql_values(text: str, lower: str) -> Iterator[Span]:
    """Passwords in statements about users, in rows to insert, and in parameters that SQLAlchemy prints."""
    for found in _IDENTIFIED.finditer(lower):
        if _OF_USER.search(lower, max(found.start() - 200, 0), found.start()):
            yield from _literal(text, found.start("value"), found.end("value"), "password")
    for found in _PASSWORD.finditer(lower):
        yield from _literal(text, found.start("value"), found.end("value"), "password")
    reached = 0
    for found in _INSERT.finditer(lower) if "insert" in lower else ():
        columns = [column.strip(" `\"'[]\r\n\t") for column in found["columns"].split(",")]
        if found.start() >= reached and any(map(names_a_secret, columns)):
            reached = yield from _rows(text, found.end(), columns)
    for found in _PARAMETERS.finditer(lower):
        names = _parameter_names(lower, found.start())
        if any(map(names_a_secret, names)):
            yield from _rows(text, found.end() + text.startswith("[", found.end()), names)


def _parameter_names(lower: str, end: int) -> list[str]:
    """The columns that the placeholders of the statement before `end` stand for, in order."""
    low = max(end - _STATEMENT, 0)
    start = lower.rfind("[sql: ", low, end)
    if start < 0:
        return []
    insert = _INSERT.search(lower, start, end)
    if insert:
        return [column.strip(" `\"'[]\r\n\t") for column in insert["columns"].split(",")]
    return [found["name"] for found in _ASSIGNED.finditer(lower, start, end)]


def _rows(text: str, at: int, columns: list[str]) -> Generator[Span, None, int]:
    """The secrets in rows such as `('ada', 'x'), ('bob', 'y')` from `at` on; returns where they end."""
    for _ in range(_ROWS):
        if not text.startswith("(", at):
            break
        at += 1
        for column in [*columns, *[""] * len(columns)]:
            item = _ITEM.match(text, at)
            if not item:
                return at
            at = item.end()
            if item["literal"] and names_a_secret(column):
                yield from _literal(text, item.start("literal"), item.end("literal"), kind_of(column))
            if item["end"] == ")":
                break
        at = _skipped(text, at)
    return at


def _skipped(text: str, at: int) -> int:
    """Where the next row begins, after a comma and white space."""
    gap = re.compile(r"[ \t\r\n]{0,80},[ \t\r\n]{0,80}(?:E[ \t]{1,12})?").match(text, at)
    return gap.end() if gap else at


def _literal(text: str, start: int, end: int, kind: str) -> Iterator[Span]:
    """The inside of a literal with its quotes, if it is a secret."""
    if is_secret(kind, text[start + 1 : end - 1], quoted=True, assigned=True):
        yield Span(start + 1, end - 1, kind)
