"""Claude as a `DraftModel`: Anthropic's own API, Amazon Bedrock or Google Vertex AI, through Anthropic's SDK.

In: a request, the limits of `[drafts]`, the environment's credentials. Out: one `Answered` for each call. No tools are offered, no GitHub
token is known here, and no error of the SDK leaves as an exception.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from triagebot.config import Drafts
from triagebot.drafts.answer_schema import Answer
from triagebot.drafts.prompt import Request
from triagebot.models.claude import call_outcomes
from triagebot.models.claude.clients import Wire, connect, has_access, sdk
from triagebot.models.model import Answered, DraftModel, Tokens

__all__ = ["Claude", "has_access", "open_model", "params"]


def open_model(limits: Drafts, env: Mapping[str, str], base_url: str | None = None) -> DraftModel:
    """The configured provider's Claude. Raises NoAccessError; opens no connection yet."""
    return Claude(connect(limits, env, base_url), limits)


@dataclass(frozen=True, slots=True)
class Claude:
    """The model over one `Wire`, which tests and recordings replace."""

    wire: Wire
    limits: Drafts

    def ask(self, request: Request, seconds: float) -> Answered:
        """What one call came to."""
        try:
            message = self.wire.create(params(request, self.limits), seconds)
        except Exception as error:  # noqa: BLE001  # the SDK's errors have several roots; every one gets a name
            return Answered(
                call_outcomes.words(error),
                call_outcomes.of_error(error),
                lost=call_outcomes.may_be_billed(error),
                again=call_outcomes.may_try_again(error),
                pause=call_outcomes.retry_after(error),
            )
        outcome, text = call_outcomes.of_message(message)
        return Answered(text, outcome, _tokens(getattr(message, "usage", None)))

    def close(self) -> None:
        """End all connections."""
        self.wire.close()


def params(request: Request, limits: Drafts) -> dict[str, Any]:
    """The exact arguments of `messages.create`. Everything before the first turn is the same for all groups, and cached."""
    schema = sdk().transform_schema(Answer)
    system = [{"type": "text", "text": request.system, "cache_control": {"type": "ephemeral"}}]
    return {
        "model": limits.model,
        "max_tokens": limits.max_output_tokens,
        "system": system,
        "messages": [{"role": turn.role, "content": turn.text} for turn in request.turns],
        "output_config": {"effort": limits.effort, "format": {"type": "json_schema", "schema": schema}},
    }


def _tokens(usage: Any) -> Tokens:
    """The usage that a response reports."""
    names = ("input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    return Tokens(*(_count(usage, name) for name in names))


def _count(usage: Any, name: str) -> int:
    """A number of tokens that a response reports, 0 where it does not or reports nonsense."""
    value = getattr(usage, name, 0)
    return value if isinstance(value, int) and value >= 0 else 0
