"""`.github/triagebot.toml`: its tables as frozen values (`model`), how they are read (`load`) and described (`schema`)."""

from triagebot.config.load import load
from triagebot.config.model import (
    Alias,
    Config,
    Contract,
    Drafts,
    Gate,
    HistoryLimits,
    Labels,
    Limits,
    Notify,
    Priority,
    Quarantine,
    Risk,
    Rule,
    ScopeRule,
    Storms,
    Suite,
    When,
)

__all__ = [
    "Alias",
    "Config",
    "Contract",
    "Drafts",
    "Gate",
    "HistoryLimits",
    "Labels",
    "Limits",
    "Notify",
    "Priority",
    "Quarantine",
    "Risk",
    "Rule",
    "ScopeRule",
    "Storms",
    "Suite",
    "When",
    "load",
]
