"""A way to the model: the SDK's client for the configured provider, made from what the environment names.

In: the limits of `[drafts]`, an environment, a base URL for tests and gateways. Out: a `Wire`, or `NoAccessError` with the outcome's
name. Only the variables named here are read from the environment that was handed in, and no GitHub token is among them. The SDK is imported
here and nowhere else at run time.
"""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triagebot.config import Drafts
from triagebot.models.model import NoAccessError

FEDERATION = ("ANTHROPIC_IDENTITY_TOKEN_FILE", "ANTHROPIC_FEDERATION_RULE_ID", "ANTHROPIC_ORGANIZATION_ID")

Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wire:
    """One call: `create(params, seconds)` gives the SDK's message or raises its errors; `close` ends all connections."""

    create: Callable[[Params, float], Any]
    close: Callable[[], None]


def connect(limits: Drafts, env: Mapping[str, str], base_url: str | None = None) -> Wire:
    """The way to the configured provider. Raises NoAccessError; opens no connection yet."""
    try:
        client = _CLIENTS[limits.provider](limits, env, base_url)
    except ValueError as error:  # the SDK's client reads proxies and addresses from the environment
        raise NoAccessError(
            "unreachable", f"the address of the service or of a proxy is none: {error}"
        ) from None

    def create(params: Params, seconds: float) -> Any:
        return client.messages.create(**params, timeout=seconds)

    return Wire(create, client.close)


def has_access(limits: Drafts, env: Mapping[str, str]) -> bool:
    """Whether the environment names a way to the model at all, found out without loading the SDK.

    Bedrock and Vertex may find credentials where only their clients look, so that choosing them is enough.
    """
    if limits.provider != "anthropic":
        return True
    keys = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN")
    return any(env.get(name, "").strip() for name in keys) or all(
        env.get(name, "").strip() for name in FEDERATION
    )


def sdk() -> Any:
    """The anthropic module, made quiet: at its debug level it prints every prompt."""
    os.environ.pop("ANTHROPIC_LOG", None)
    import anthropic  # noqa: PLC0415  # costs one to three seconds, and only drafting needs it

    for name in ("anthropic", "httpx2"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return anthropic


def _anthropic(limits: Drafts, env: Mapping[str, str], base_url: str | None) -> Any:
    """Anthropic's own API: with a key, a bearer token, or keyless by OIDC federation."""
    del limits
    url = base_url or env.get("ANTHROPIC_BASE_URL") or "https://api.anthropic.com"
    access = _access(env)
    return sdk().Anthropic(base_url=url, max_retries=0, open_telemetry=False, **access)


def _access(env: Mapping[str, str]) -> dict[str, Any]:
    """The credential to use: the key, else the token, else federation. Raises NoAccessError."""
    for variable, argument in (("ANTHROPIC_API_KEY", "api_key"), ("ANTHROPIC_AUTH_TOKEN", "auth_token")):
        if value := env.get(variable, "").strip():
            return {argument: _sound(variable, value)}
    if all(env.get(name, "").strip() for name in FEDERATION):
        return {"credentials": _federation(env)}
    named = ", ".join(name for name in FEDERATION if env.get(name, "").strip())
    partly = f" {named} is set, but federation needs {', '.join(FEDERATION)}." if named else ""
    raise NoAccessError("no_key", f"set ANTHROPIC_API_KEY to have causes drafted.{partly}")


def _sound(variable: str, value: str) -> str:
    """A credential that can stand in a header. Raises NoAccessError: the SDK would call it a connection error."""
    if not value.isascii() or not value.isprintable() or " " in value:
        raise NoAccessError(
            "bad_key", f"{variable} holds white space or characters that no key has; store it again"
        )
    return value


def _federation(env: Mapping[str, str]) -> Any:
    """Credentials that trade the job's OIDC token for a short-lived one. Raises NoAccessError for a token file that is not there."""
    sdk()
    from anthropic.lib.credentials import (  # noqa: PLC0415  # as above
        IdentityTokenFile,
        WorkloadIdentityCredentials,
    )

    path = env["ANTHROPIC_IDENTITY_TOKEN_FILE"].strip()
    if not Path(path).is_file():
        raise NoAccessError("no_key", f"ANTHROPIC_IDENTITY_TOKEN_FILE names {path}, which is not a file")
    return WorkloadIdentityCredentials(
        identity_token_provider=IdentityTokenFile(path),
        federation_rule_id=env["ANTHROPIC_FEDERATION_RULE_ID"].strip(),
        organization_id=env["ANTHROPIC_ORGANIZATION_ID"].strip(),
        workspace_id=env.get("ANTHROPIC_WORKSPACE_ID", "").strip() or None,
    )


def _bedrock(limits: Drafts, env: Mapping[str, str], base_url: str | None) -> Any:
    """Amazon Bedrock: with a Bedrock API key, else the usual AWS credentials (needs `anthropic[bedrock]`)."""
    region = limits.region or env.get("AWS_REGION", "") or env.get("AWS_DEFAULT_REGION", "")
    if not region:
        raise NoAccessError("no_key", "set `region` in [drafts] or AWS_REGION for Bedrock")
    key = env.get("AWS_BEARER_TOKEN_BEDROCK", "").strip()
    access = {"api_key": _sound("AWS_BEARER_TOKEN_BEDROCK", key)} if key else _aws(env)
    return sdk().AnthropicBedrock(
        aws_region=region, base_url=base_url, max_retries=0, open_telemetry=False, **access
    )


def _aws(env: Mapping[str, str]) -> dict[str, str]:
    """Long- or short-lived AWS credentials by name. Raises NoAccessError when there are none."""
    named = {
        "aws_access_key": env.get("AWS_ACCESS_KEY_ID", "").strip(),
        "aws_secret_key": env.get("AWS_SECRET_ACCESS_KEY", "").strip(),
        "aws_session_token": env.get("AWS_SESSION_TOKEN", "").strip(),
    }
    if not named["aws_access_key"] or not named["aws_secret_key"]:
        raise NoAccessError(
            "no_key", "set AWS_BEARER_TOKEN_BEDROCK, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        )
    return {name: value for name, value in named.items() if value}


def _vertex(limits: Drafts, env: Mapping[str, str], base_url: str | None) -> Any:
    """Google Vertex AI: with an access token, else Google's default credentials (needs `anthropic[vertex]`)."""
    region = limits.region or env.get("CLOUD_ML_REGION", "")
    project = limits.project or env.get("ANTHROPIC_VERTEX_PROJECT_ID", "")
    if not region or not project:
        raise NoAccessError("no_key", "set `region` and `project` in [drafts] for Vertex")
    token = env.get("ANTHROPIC_VERTEX_ACCESS_TOKEN", "").strip() or None
    if token is None and not env.get("GOOGLE_APPLICATION_CREDENTIALS", "").strip():
        raise NoAccessError(
            "no_key", "set GOOGLE_APPLICATION_CREDENTIALS or ANTHROPIC_VERTEX_ACCESS_TOKEN for Vertex"
        )
    return sdk().AnthropicVertex(
        region=region,
        project_id=project,
        access_token=token,
        base_url=base_url,
        max_retries=0,
        open_telemetry=False,
    )


_CLIENTS: dict[str, Callable[[Drafts, Mapping[str, str], str | None], Any]] = {
    "anthropic": _anthropic,
    "bedrock": _bedrock,
    "vertex": _vertex,
}
