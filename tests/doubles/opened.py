"""What a reader of outside text read, for tests of the reader itself."""

from triagebot.redact import Unredacted


def opened(sealed: Unredacted):
    """The value as it was read."""
    return sealed.redacted_by(lambda value: value)
