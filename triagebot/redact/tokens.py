"""Secrets that show what they are by their own prefix or shape.

In: text. Out: spans. Each rule starts from a literal that `re` seeks at the speed of memory; only what follows such a
literal is looked at closely, within a bounded window, so that cost is linear whatever the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from triagebot.redact.model import Span


@dataclass(frozen=True, slots=True)
class _Token:
    """A prefix that ends in `_` or `-`, and what has to follow. `loose` prefixes may stand within a word."""

    kind: str
    prefix: str
    body: re.Pattern[str]
    loose: bool = True


def _token(kind: str, prefix: str, body: str, *, loose: bool = True) -> _Token:
    return _Token(kind, prefix, re.compile(body), loose)


_WORD = r"[0-9A-Za-z]{%s,4096}"
_DASHED = r"[0-9A-Za-z_-]{%s,4096}"
_HEX_GROUPS = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"

# Shapes as the vendors publish them for secret scanning
# (https://docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns, read 2026-02).
_TOKENS = (
    _token("anthropic-key", "sk-ant-", _DASHED % 20),
    _token(
        "openai-key", "sk-", rf"(?:proj|svcacct|admin|None|or-v1)-{_DASHED % 20}|{_WORD % 32}", loose=False
    ),
    *(_token("github-token", f"gh{letter}_", _WORD % 30) for letter in "pousr"),
    _token("github-token", "github_pat_", r"[0-9A-Za-z]{16,64}(?:_[0-9A-Za-z]{16,128})?"),
    *(
        _token("gitlab-token", f"gl{name}-", _DASHED % 16)
        for name in ("pat", "dt", "rt", "cbt", "ptt", "ft", "soat", "imt", "agent", "oas", "ffct")
    ),
    *(_token("slack-token", f"xox{letter}-", _DASHED % 16) for letter in "abeoprs"),
    _token("slack-token", "xapp-", _DASHED % 16),
    *(
        _token("stripe-key", f"{kind}_{mode}_", _WORD % 14)
        for kind in ("sk", "rk")
        for mode in ("live", "test")
    ),
    _token("stripe-webhook-secret", "whsec_", _WORD % 24),
    _token("npm-token", "npm_", _WORD % 30, loose=False),
    _token("pypi-token", "pypi-", rf"AgE{_DASHED % 40}"),
    _token("google-oauth-secret", "GOCSPX-", _DASHED % 20),
    _token("huggingface-token", "hf_", r"[A-Za-z0-9]{30,4096}", loose=False),
    _token("digitalocean-token", "dop_v1_", r"[0-9a-f]{60,4096}"),
    _token("docker-token", "dckr_pat_", _DASHED % 20),
    *(_token("shopify-token", f"shp{name}_", r"[0-9A-Fa-f]{32,4096}") for name in ("at", "ca", "pa", "ss")),
    _token("grafana-token", "glsa_", r"[0-9A-Za-z]{32,64}_[0-9a-fA-F]{8}"),
    _token("groq-key", "gsk_", _WORD % 40, loose=False),
    _token("xai-key", "xai-", _WORD % 60, loose=False),
    _token("linear-key", "lin_api_", _WORD % 32),
    _token("postman-key", "PMAK-", r"[0-9a-f]{24}-[0-9a-f]{34}"),
    _token("newrelic-key", "NRAK-", r"[0-9A-Z]{27,64}"),
    _token("mailgun-key", "key-", r"[0-9a-f]{32}(?![0-9a-f])", loose=False),
    _token("age-key", "AGE-SECRET-KEY-", r"1[0-9A-Z]{58}"),
    _token("sentry-token", "sntrys_", r"[0-9A-Za-z_+/=-]{40,4096}"),
    _token("sentry-token", "sntryu_", r"[0-9a-f]{64}"),
    _token("planetscale-token", "pscale_tkn_", _DASHED % 32),
    _token("rubygems-key", "rubygems_", r"[0-9a-f]{48}"),
    _token("supabase-key", "sbp_", r"[0-9a-f]{40}"),
    _token("figma-token", "figd_", _DASHED % 32),
    # What the engine of `vendors` does not know, as the vendors' own pages and their SDKs' tests show it.
    _token("contentful-token", "CFPAT-", _DASHED % 32, loose=False),
    _token("fly-token", "fo1_", _DASHED % 32, loose=False),
    *(_token("fly-token", f"{prefix}_", r"[0-9A-Za-z+/=_-]{60,4096}") for prefix in ("fm1r", "fm1a", "fm2")),
    *(
        _token("launchdarkly-key", prefix, rf"{_HEX_GROUPS}(?![0-9A-Za-z-])", loose=False)
        for prefix in ("sdk-", "mob-")
    ),
    _token("mongodb-atlas-secret", "mdb_sa_sk_", _DASHED % 32),
    *(_token("netlify-token", f"nf{letter}_", r"[0-9A-Za-z]{36,64}", loose=False) for letter in "pcob"),
    _token("notion-token", "secret_", r"[0-9A-Za-z]{43}(?![0-9A-Za-z_-])", loose=False),
    *(
        _token("plaid-token", f"access-{where}-", _HEX_GROUPS, loose=False)
        for where in ("sandbox", "development", "production")
    ),
    _token("render-key", "rnd_", r"[0-9A-Za-z]{32,64}", loose=False),
    *(_token("sonar-token", f"sq{letter}_", r"[0-9a-f]{40}", loose=False) for letter in "pau"),
    _token("supabase-key", "sb_secret_", _DASHED % 24),
    _token("tailscale-key", "tskey-", r"[a-z]{2,12}-[0-9A-Za-z]{8,64}(?:-[0-9A-Za-z]{8,128})?"),
    _token("typeform-token", "tfp_", _DASHED % 40, loose=False),
)

_BY_PREFIX = {token.prefix: token for token in _TOKENS}
_LENGTHS = sorted({len(prefix) for prefix in _BY_PREFIX}, reverse=True)


def _after(mark: str, run: str) -> re.Pattern[str]:
    """Where one of the prefixes that end in `mark` ends and a run of a token's characters begins."""
    prefixes = [prefix for prefix in _BY_PREFIX if prefix.endswith(mark)]
    alike = ["|".join(prefix for prefix in prefixes if len(prefix) == length) for length in _LENGTHS]
    behind = "|".join(f"(?<={one})" for one in alike if one)  # a look-behind has one width
    return re.compile(f"{mark}(?={run})(?:{behind})")


_TRIGGERS = (_after("_", r"[0-9A-Za-z]{6}[0-9A-Za-z_-]{8}"), _after("-", r"[0-9A-Za-z][0-9A-Za-z_-]{15}"))
"""Hit: `ghp_x7Kq9mPzx7Kq9mPz`. Hit: `glpat-x7Kq9mPzx7Kq9mPz`. Miss: `snake_case_of_many_words`."""
_REST = re.compile(r"[0-9A-Za-z_-]{1,4096}")
"""The rest of a run of a token's characters. Hit: `x7Kq`. Miss: `=x7Kq`."""
_ESCAPED = re.compile(
    r"(?:\\[nrtfv]|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\x1b\[[0-9;]{0,12}m)\Z"
)
r"""An escape right before a token: of a string, a URL or a terminal. Hit: `\n`. Hit: `%3D`. Miss: `\`."""


def prefixed(text: str) -> Iterator[Span]:
    """Tokens of the table above. What a token already covers is not looked at again: that would cost its square."""
    for trigger in _TRIGGERS:
        reached = 0
        for found in trigger.finditer(text):
            span = _match(text, found.end()) if found.start() >= reached else None
            if span:
                reached = span.end
                yield span


def _match(text: str, end: int) -> Span | None:
    """The token whose prefix ends at `end`, if what follows is one; the longest prefix first."""
    for length in _LENGTHS:
        start = max(end - length, 0)
        token = _BY_PREFIX.get(text[start:end])
        if not token or not (token.loose or begins(text, start)):
            continue
        if body := token.body.match(text, end):
            return Span(start, whole(text, body.end()), token.kind)
    return None


def begins(text: str, start: int) -> bool:
    """Whether a word can begin at `start`: at the edge of one, or after an escape: of a string, a URL or a terminal."""
    before = text[start - 1 : start]
    if not (before.isascii() and before.isalnum()):
        return True
    return _ESCAPED.search(text, max(start - 16, 0), start) is not None


def whole(text: str, end: int) -> int:
    """Where the token that reaches `end` stops, so that no second token hides in the rest of a long run."""
    while rest := _REST.match(text, end):
        end = rest.end()
    return end


@dataclass(frozen=True, slots=True)
class _Shape:
    """What can follow one rare letter. Groups are named for kinds; a secret begins `back` characters before its group.

    A `bounded` one begins where a word can.
    """

    pattern: re.Pattern[str]
    back: int = 0
    bounded: bool = False


# `re` runs to a first letter fastest when nothing else is sure to follow it, so one letter has one pattern.
_AFTER_A = (
    r"A(?:(?P<aws_key_id>(?:[KSB]IA|CCA)[0-9A-Z]{16})(?![0-9A-Za-z])"
    r"|(?P<gcp_api_key>Iza[0-9A-Za-z_-]{35})(?![0-9A-Za-z])"
    r"|(?<=[0-9]:A)(?P<telegram_token>A[0-9A-Za-z_-]{32,36})(?![0-9A-Za-z_-])"
    r"|(?P<artifactory_key>KCp[0-9A-Za-z]{60,80})(?![0-9A-Za-z])|(?P<bitbucket_password>TBB[0-9A-Za-z_=-]{28,64})(?![0-9A-Za-z])"
    r"|(?P<aws_bedrock_key>BSK[0-9A-Za-z+/]{109,269}={0,2})|(?P<tencent_key_id>KID[0-9A-Za-z]{32})(?![0-9A-Za-z])|(?P<yandex_key>QVN[0-9A-Za-z_-]{35,38})(?![0-9A-Za-z_-])"
    r"|(?<!base64,A)(?P<twitter_token>A{20}[0-9A-Za-z%]{60,200})(?![0-9A-Za-z%+/=]))"
)
# Two or three parts joined by dots: what stands before the first one is a prefix, or says only who it is.
_AFTER_DOT = (
    r"[.](?<=[sd][lp][.])(?:(?<=sl[.])(?P<dropbox_token>(?:u[.])?[0-9A-Za-z_-]{100,4096})"
    r"|(?<=dp[.])(?P<doppler_token>(?:st|ct|sa|pt|scim|audit)[.](?:[a-z0-9_-]{1,40}[.])?[0-9A-Za-z]{40,64}))"
)
_DISCORD = (
    r"[.](?=[0-9A-Za-z_-]{6}[.])(?:(?<=[MNO][0-9A-Za-z_-]{23}[.])|(?<=[MNO][0-9A-Za-z_-]{25}[.]))"
    r"(?P<discord_token>[0-9A-Za-z_-]{6}[.][0-9A-Za-z_-]{27,45})(?![0-9A-Za-z_-])"
)
_AFTER_S = (
    r"S(?:(?P<sendgrid_key>G\.[0-9A-Za-z_-]{16,64}\.[0-9A-Za-z_-]{16,4096})"
    r"|(?P<twilio_key>K[0-9a-f]{32})(?![0-9A-Za-z]))"
)
_AFTER_K = (
    r"k(?:s\.slack\.com/(?P<slack_webhook>(?:services|workflows|triggers)/[0-9A-Za-z/_-]{20,256})"
    r"|b2/(?P<teams_webhook>[0-9a-f-]{36}@[0-9a-f-]{36}/IncomingWebhook/[0-9A-Za-z/_-]{32,256})"
    r"|s/(?P<discord_webhook>[0-9]{16,20}/[0-9A-Za-z_-]{50,100}))"
)
_JWT = r"J(?<=eyJ)(?P<jwt>[0-9A-Za-z_-]{8,1024}\.[0-9A-Za-z_-]{4,16384}(?:\.[0-9A-Za-z_-]{0,8192}){0,3})"
_SHAPES = tuple(
    _Shape(re.compile(pattern), back, bounded=back > 0)
    for back, pattern in (
        (1, _AFTER_A),
        (1, _AFTER_S),
        (0, _AFTER_K),
        (3, _JWT),
        (4, r"9(?<=ya29)(?P<google_oauth_token>\.[0-9A-Za-z_-]{20,4096})"),
        (2, r"v(?<=hv)(?P<vault_token>s\.[0-9A-Za-z_-]{24,4096})"),
        (0, r"~(?<=[0-9]Q~)(?P<azure_client_secret>[0-9A-Za-z_.~-]{30,40})"),
        (3, _AFTER_DOT),
        (25, _DISCORD),
        (8, r"VmdGtu(?<=cmVmdGtu)(?P<artifactory_token>[0-9A-Za-z]{40,80})"),
        (4, r"I(?<=LTAI)(?P<alibaba_key_id>[0-9A-Za-z]{12,24})(?![0-9A-Za-z_-])"),
        (3, r"A(?<=EAA)(?<!base64,EAA)(?P<facebook_token>[0-9A-Za-z]{80,4096}+)(?![+/=])"),
        (4, r"4b1d(?P<clickhouse_key>[0-9A-Za-z]{38})(?![0-9A-Za-z])"),
        (80, r"ZDO(?<=[0-9A-Za-z]{76}AZDO)(?P<azure_devops_token>[0-9A-Za-z]{4})(?![0-9A-Za-z])"),
        (35, r"-us(?<=[0-9a-f]{32}-us)(?P<mailchimp_key>[0-9]{1,2})(?![0-9A-Za-z])"),
        (0, r"[$](?<=access_token[$])(?P<paypal_token>(?:production|sandbox)[$][0-9a-z]{16}[$][0-9a-f]{32})"),
        (0, r"g(?:=(?<=[?&;]sig=)|nature=)(?P<signature>[0-9A-Za-z%+/=_-]{20,1024})"),
    )
)


def shaped(text: str) -> Iterator[Span]:
    """Tokens and addresses of the shapes above."""
    for shape in _SHAPES:
        reached = 0
        for found in shape.pattern.finditer(text):
            kind = found.lastgroup or ""
            start = found.start(kind) - shape.back
            if start >= reached and (not shape.bounded or begins(text, start)):
                reached = whole(text, found.end(kind))
                yield Span(start, reached, kind.replace("_", "-"))
