"""A secure connection that was not made: certificates, protocol versions, handshakes."""

import re

from triagebot.signatures import host
from triagebot.signatures.subject import Finding, Subject, finding

_CODE = re.compile(r"\[?SSL: ([A-Z][A-Z0-9_]{3,60})\]?")
"""OpenSSL's name of what went wrong.

Hit: `[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed`
Miss: `SSL error`
"""
_WORDS = {
    "certificate has expired": "certificate has expired",
    "self-signed certificate": "self-signed certificate",
    "self signed certificate": "self-signed certificate",
    "unable to get local issuer": "unable to get local issuer certificate",
    "hostname mismatch": "hostname mismatch",
    "doesn't match": "hostname mismatch",
    "certificate is not valid for": "hostname mismatch",
    "unknown authority": "unable to get local issuer certificate",
    "pkix path building failed": "unable to get local issuer certificate",
    "wrong version number": "wrong version number",
    "certificate signed by": "unable to get local issuer certificate",
    "handshake failure": "handshake failure",
    "unexpected eof while reading": "unexpected eof",
    "eof occurred in violation": "unexpected eof",
    "does not support ssl": "not supported by the server",
    "err_cert_date_invalid": "certificate has expired",
    "err_cert_authority_invalid": "unable to get local issuer certificate",
    "err_cert_common_name_invalid": "hostname mismatch",
    "unexpected_eof_while_reading": "unexpected eof",
}
_ELSEWHERE = {
    "unable to find valid certification path": "unable to get local issuer certificate", "pkix path building failed": "unable to get local issuer certificate",
    "untrustedroot": "unable to get local issuer certificate", "partialchain": "unable to get local issuer certificate",
    "unknownissuer": "unable to get local issuer certificate", "unable to verify the first certificate": "unable to get local issuer certificate",
    "sec_error_unknown_issuer": "unable to get local issuer certificate", "self_signed_cert": "self-signed certificate",
    "does not match certificate's altnames": "hostname mismatch", "remotecertificatenamemismatch": "hostname mismatch", "bad_cert_domain": "hostname mismatch", "notvalidforname": "hostname mismatch",
    "certificate is valid for ": "hostname mismatch", "no subject alternative": "hostname mismatch", "nottimevalid": "certificate has expired",
    "invalidcertificate(expired": "certificate has expired", "sec_error_expired_certificate": "certificate has expired", "validity check failed": "certificate has expired",
    "certificate for this server is invalid": "certificate is invalid", "peer certificate or ssh remote key was not ok": "certificate is invalid",
    "unacceptable tls certificate": "certificate is invalid", "remote certificate is invalid": "certificate is invalid", "err_ssl_protocol_error": "protocol error",
    "err_ssl_version_or_cipher_mismatch": "no protocol in common", "handshake_failure": "handshake failure", "tls handshake timeout": "handshake timed out",
    "err_cert_": "certificate is invalid", "remote certificate was rejected": "certificate is invalid",
}  # fmt: skip
"""What clients and browsers of other languages say: JDK, .NET, Go, rustls, Node, Firefox, WebKit."""
_NAMED = re.compile(r"host='([\w.-]{1,253})'|host ([\w.-]{1,253}):\d{1,5} ssl")
"""The host whose certificate it is.

Hit: `Pool(host='api.example', port=443)`
Hit: `Cannot connect to host api.example:443 ssl:True`
Miss: `api.example:443`
"""
_GATES = ("ssl", "certificate", "tls", "pkix", "err_cert")


def tls(subject: Subject) -> Finding | None:
    """`tls` with the reason and, where the exception names it, the host."""
    low = subject.lowered
    if subject.foreign and (said := _elsewhere(low)):
        return _found(_ELSEWHERE[said], _host(subject.text), said)
    if not any(map(low.__contains__, _GATES)):
        return None
    code = _CODE.search(subject.text)
    words = next((words for words in _WORDS if words in low), "")
    if not code and not (words and ("cert" in words or "ssl" in low or "tls" in low)):
        return None
    reason = _WORDS[words] if words else code[1].lower().replace("_", " ") if code else ""
    return _found(reason, _host(subject.text), code[0] if code else words)


def _elsewhere(low: str) -> str:
    """The words of another language's client, unless they stand beside plainer ones: `UnknownIssuer` says less than `expired`."""
    plain = any(words in low for words in _WORDS if "cert" in words)
    return "" if plain else next((words for words in _ELSEWHERE if words in low), "")


def _found(reason: str, where: str, span: str) -> Finding:
    to = f" to {where}" if where else ""
    return finding(
        "tls", f"TLS connection{to} failed: {reason}", span, _tuple(where), reason=reason, host=where
    )


def _host(text: str) -> str:
    """The host that the exception names."""
    found = _NAMED.search(text)
    return host.with_port(found[1] or found[2], "") if found else host.of_url(text)


def _tuple(text: str) -> tuple[str, ...]:
    return (text,) if text else ()
