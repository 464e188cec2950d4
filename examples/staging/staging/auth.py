"""JWT for both transports: issue, refresh, and who a header speaks for."""

import os
import time
from collections.abc import Mapping

import jwt

from staging import faults

LIFETIME_S = 900
REFRESH_GRACE_S = 60


class UnauthorisedError(Exception):
    """The token is missing, malformed or expired."""


def issue(user: str, lifetime_s: int = LIFETIME_S) -> str:
    """A signed token for `user`."""
    now = int(time.time())
    return _sign({"sub": user, "iat": now, "exp": now + lifetime_s})


def refresh(token: str) -> str:
    """A new token in place of one that is valid or expired less than a minute ago."""
    claims = _read(token, leeway=REFRESH_GRACE_S)
    renewed = {"iat": int(time.time()), "exp": int(time.time()) + LIFETIME_S}
    if "expired-token" in faults.active(os.environ):
        return _sign({**renewed, **claims})
    return _sign({**claims, **renewed})


def user_of(headers: Mapping[str, str]) -> str:
    """The user whom the Authorization header speaks for. Raises UnauthorisedError."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise UnauthorisedError("no bearer token")
    return str(_read(token)["sub"])


def bearer(headers: Mapping[str, str]) -> str:
    """The raw token of the Authorization header, "" without one."""
    return headers.get("authorization", "").partition(" ")[2]


def _sign(claims: dict[str, object]) -> str:
    return jwt.encode(claims, os.environ["JWT_SIGNING_KEY"], algorithm="HS256")


def _read(token: str, leeway: int = 0) -> dict[str, object]:
    try:
        return jwt.decode(token, os.environ["JWT_SIGNING_KEY"], algorithms=["HS256"], leeway=leeway)
    except jwt.InvalidTokenError as error:
        raise UnauthorisedError(str(error)) from error
