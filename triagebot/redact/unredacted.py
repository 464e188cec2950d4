"""The type of what has not been redacted yet: it can be carried, but not read.

Whoever reads outside text hands it out as `Unredacted`, and nothing that shows, stores or sends text takes one. The only way to
the value is `redacted_by`.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Unredacted(Generic[T]):
    """A value with text as it arrived. It shows nothing of it, not even in a traceback."""

    __slots__ = ("_sealed",)

    def __init__(self, value: T) -> None:
        self._sealed = value

    def __repr__(self) -> str:
        return f"Unredacted({type(self._sealed).__name__})"

    def redacted_by(self, redact: Callable[[T], T]) -> T:
        """The value without secrets, made by `redact`."""
        return redact(self._sealed)
