"""The command line in a world of its own, as the tests of the command line have it."""

from tests.cli.conftest import triagebot

__all__ = ["triagebot"]
