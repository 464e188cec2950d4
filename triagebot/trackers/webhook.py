"""Sends one message to the incoming webhook of a chat.

In: an address, which is a secret, and JSON. Out: why it was not taken, "" where it was. Nothing is raised and nothing is tried twice:
a chat that refuses fails no run, and a message that came through unseen is not said again. The address is told to nobody.
"""

from typing import Any

TIMEOUT_S = 10.0


def send(url: str, message: dict[str, Any]) -> str:
    """Send it."""
    import httpx2  # noqa: PLC0415 - for those who want to be told

    try:
        answer = httpx2.post(url, json=message, timeout=TIMEOUT_S, follow_redirects=False)
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, UnicodeError) as error:
        return f"the webhook did not take it ({type(error).__name__})"
    return "" if answer.is_success else f"the webhook answered {answer.status_code}"
