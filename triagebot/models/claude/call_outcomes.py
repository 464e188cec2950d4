"""What a response or an error of the SDK means, as the name of an outcome.

In: an object that the SDK returned or an exception that it raised. Out: names, and the few words of the service that
may be shown. Nothing here calls anything; what is not known gets a name too.
"""

from typing import Any

from triagebot.models.claude.clients import sdk
from triagebot.models.model import OutcomeName

_STOPS: dict[str, OutcomeName] = {
    "refusal": "refused",
    "max_tokens": "truncated",
    "model_context_window_exceeded": "context_exceeded",
}
_STATUSES: dict[int, OutcomeName] = {
    400: "bad_request",
    401: "bad_key",
    402: "unbilled",
    403: "forbidden",
    404: "no_model",
    408: "timeout",
    413: "too_large",
    422: "bad_request",
    429: "rate_limited",
    504: "timeout",
    529: "overloaded",
}
_AGAIN: frozenset[OutcomeName] = frozenset({"rate_limited", "overloaded", "server_error", "unreachable"})


def of_error(error: Exception) -> OutcomeName:
    """The name of what went wrong with a call."""
    anthropic = sdk()
    if isinstance(error, anthropic.APITimeoutError):
        return "timeout"
    if isinstance(error, anthropic.APIStatusError):
        return _of_status(error)
    if isinstance(error, anthropic.APIConnectionError):
        return "unreachable"
    if isinstance(error, anthropic.APIResponseValidationError):
        return "not_api"
    return "bad_key" if _is_about_credentials(error) else "not_api"


def _of_status(error: Any) -> OutcomeName:
    """The name for an HTTP status; a body that says it was overloaded or about billing is believed before the status."""
    kind = str(error.type or "")
    if kind in ("overloaded_error", "billing_error"):
        return "overloaded" if kind == "overloaded_error" else "unbilled"
    if error.status_code == 400 and "credit balance" in str(error.api_message or "").lower():
        return "unbilled"
    if error.status_code == 400 and "too long" in str(error.api_message or "").lower():
        return "context_exceeded"
    return _STATUSES.get(error.status_code, "server_error" if error.status_code >= 500 else "bad_request")


def _is_about_credentials(error: Exception) -> bool:
    """Whether the SDK could not come by a credential (a token file, the exchange of a token)."""
    return "Credentials" in type(error).__name__ or "Identity" in type(error).__name__


def may_try_again(error: BaseException) -> bool:
    """Whether the same call may work in a moment. What may have been worked on is not tried again: it would be billed twice."""
    return isinstance(error, Exception) and of_error(error) in _AGAIN and not may_be_billed(error)


def may_be_billed(error: Exception) -> bool:
    """Whether the request went out and the answer was lost: a timeout, or a connection that broke after it was made."""
    outcome = of_error(error)
    if outcome in ("timeout", "unreachable"):
        return type(error.__cause__).__name__ not in ("ConnectError", "ConnectTimeout", "UnsupportedProtocol")
    return False


def retry_after(error: BaseException | None) -> float | None:
    """The seconds that the service asks to wait, None when it does not say or says it unreadably."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    for name, scale in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) / scale
        except ValueError:
            continue
        if seconds >= 0:
            return seconds
    return None


def of_message(message: Any) -> tuple[OutcomeName | None, str]:
    """(None, the answer's text) for an answer that ended by itself, else (the outcome's name, its detail)."""
    if isinstance(message, str) or not isinstance(getattr(message, "content", None), list):
        return (
            "not_api",
            "the answer was not a message: something between here and the service answered in its place",
        )
    stop = getattr(message, "stop_reason", None)
    if stop not in ("end_turn", "stop_sequence"):
        category = getattr(getattr(message, "stop_details", None), "category", None)
        return _STOPS.get(str(stop), "unexpected_stop"), f"stop reason {stop}" + (
            f", {category}" if category else ""
        )
    text = "".join(
        str(getattr(block, "text", "")) for block in message.content if getattr(block, "type", "") == "text"
    )
    return (None, text) if text.strip() else ("empty", "the answer held no text")


def words(error: Exception) -> str:
    """What may be said of an error: its status and the service's own sentence, never what was sent."""
    status = getattr(error, "status_code", None)
    said = getattr(error, "api_message", None)
    return f"{type(error).__name__}{f' {status}' if status else ''}{f': {said}' if said else ''}"[:300]
