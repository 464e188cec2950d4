"""An in-process GitHub for tests: real HTTP on loopback, stateful, held to GitHub's published description.

    with GitHub() as github:
        github.world.open("a title", "a body", "ada", ("bug",))
        github.fault("502 after", "POST", "/issues")
        ... let the bot work against github.url with the token "t0ken" ...
        assert not github.complaints

`world` is what it remembers, `routes` its endpoints, `shapes` the JSON, `faults` its misbehaviour, `server` the HTTP.
"""

from tests.doubles.github.faults import Fault
from tests.doubles.github.server import Exchange, GitHub
from tests.doubles.github.world import BOT, START, Actor, Clock, World

__all__ = ["BOT", "START", "Actor", "Clock", "Exchange", "Fault", "GitHub", "World"]
