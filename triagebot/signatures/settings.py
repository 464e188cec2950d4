"""What a project's config may say about identity, as one frozen value.

In: the config. Out: `Settings`. Host roles and in-app paths refine signatures; the plain key always stays an alias.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Self

from triagebot.config import Config, Rule, Suite
from triagebot.signatures.model import ALGORITHM

_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Settings:
    """User rules in order, roles of hosts (host or glob ▶ role), globs of the paths that count as the code under test, and suites, by which a
    rule may split.

    `algorithm` is the version to judge by: the one before reads no other language than Python, and no message in place of `???`.
    """

    rules: tuple[Rule, ...] = ()
    hosts: Mapping[str, str] = field(default_factory=lambda: _NONE)
    in_app: tuple[str, ...] = ()
    suites: tuple[Suite, ...] = ()
    algorithm: int = ALGORITHM

    @property
    def refines(self) -> bool:
        """Whether anything here could give a failure another key than the plain one."""
        return bool(self.hosts or self.in_app)

    def plain(self) -> Self:
        """The same rules without the optional inputs."""
        return replace(self, hosts=_NONE, in_app=())


def settings(config: Config) -> Settings:
    """The part of the config that identity depends on."""
    return Settings(rules=config.rules, hosts=config.hosts, in_app=config.in_app, suites=config.suites)
