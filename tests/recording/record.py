"""Raises the errors of real client libraries against loopback servers and writes down what they say.

Run by hand, never in CI:  python tests/recording/record.py [--work DIR] [--python 3.11=/path/to/python …] [CLIENT …]

In: `cases/*.py`, one file of tests per client, each test marked with what triagebot should make of its failure. Out:
`tests/data/messages/<client>.json`. Every client gets a throwaway environment below the work folder, which should
have a neutral path, for it shows in the texts; the interpreter's own path is rewritten to that of GitHub's runners.
PostgreSQL is started from --postgresql where a client needs it. Nothing leaves 127.0.0.1 but pip.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HERE = Path(__file__).parent
OUT = HERE.parent / "data" / "messages"


@dataclass(frozen=True)
class Client:
    """One file of recordings: the file of cases, the Python it needs, what pip installs, whether it needs PostgreSQL.

    `module` tells a file of cases that serves two clients of one design which of them to import.
    """

    cases: str
    python: str
    requirements: tuple[str, ...]
    postgresql: bool = False
    module: str = ""


CLIENTS = {
    "websockets-8.1": Client("websockets", "3.8", ("websockets==8.1",)),
    "websockets-10.4": Client("websockets", "3.9", ("websockets==10.4",)),
    "websockets-12.0": Client("websockets", "3.11", ("websockets==12.0",)),
    "websockets": Client("websockets", "3.12", ("websockets",)),
    "requests": Client("requests", "3.11", ("requests",)),
    "httpx": Client("httpx", "3.11", ("httpx",), module="httpx"),
    "httpx2": Client("httpx", "3.11", ("httpx2",), module="httpx2"),
    "urllib": Client("urllib_request", "3.11", ()),
    "urllib3": Client("urllib3", "3.11", ("urllib3",)),
    "aiohttp": Client("aiohttp", "3.11", ("aiohttp",)),
    "grpcio": Client("grpc", "3.11", ("grpcio",)),
    "asyncpg": Client("asyncpg", "3.11", ("asyncpg",), postgresql=True),
    "psycopg": Client("psycopg", "3.11", ("psycopg[binary,pool]",), postgresql=True),
    "sqlalchemy": Client("sqlalchemy", "3.11", ("sqlalchemy", "psycopg[binary]"), postgresql=True),
    "sqlite3": Client("sqlite3", "3.11", ()),
    "redis": Client("redis", "3.11", ("redis",)),
    "pymongo": Client("pymongo", "3.11", ("pymongo",)),
    "kafka-python": Client("kafka", "3.11", ("kafka-python",)),
    "kafka-python-2.0.2": Client("kafka", "3.11", ("kafka-python==2.0.2",)),
    "botocore": Client("botocore", "3.11", ("botocore",)),
    "google-cloud": Client("google", "3.11", ("google-cloud-storage", "grpcio", "grpcio-status")),
    "openai": Client("language_models", "3.11", ("openai",), module="openai"),
    "anthropic": Client("language_models", "3.11", ("anthropic",), module="anthropic"),
}


def main(arguments: Sequence[str]) -> int:
    """Records the named clients (all without names). 1 if a case did not raise or a session broke."""
    options = _options(arguments)
    pythons = dict(each.split("=", 1) for each in options.python)
    options.work.mkdir(parents=True, exist_ok=True)
    _make_certificates(options.work / "certificates")
    broken = [name for name in options.clients or CLIENTS if not _record(name, options, pythons)]
    for name in broken:
        print(f"{name}: not every case raised; see above", file=sys.stderr)
    return 1 if broken else 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clients", nargs="*", metavar="CLIENT", help=", ".join(CLIENTS))
    parser.add_argument("--work", type=Path, default=Path("/home/runner/work/rec"))
    parser.add_argument("--python", action="append", default=[], metavar="VERSION=PATH")
    parser.add_argument("--postgresql", type=Path, default=Path("/usr/lib/postgresql/15/bin"))
    return parser.parse_args(arguments)


def _record(name: str, options: argparse.Namespace, pythons: dict[str, str]) -> bool:
    """Whether every case of a client raised. Writes its file either way."""
    client = CLIENTS[name]
    interpreter = _environment(options.work / f".venv-{name}", client, pythons)
    tests = _lay_out(options.work, client)
    result = options.work / "recorded.json"
    with _postgresql(options) if client.postgresql else contextlib.nullcontext("") as database:
        env = _clean_environment(options.work, result) | {
            "RECORDING_DATABASE": database,
            "RECORDING_MODULE": client.module,
        }
        command = [
            str(interpreter),
            "-m",
            "pytest",
            "-p",
            "recorder",
            "-p",
            "no:cacheprovider",
            "-q",
            "-rs",
            tests,
        ]
        done = subprocess.run(
            command, cwd=options.work, env=env, check=False, timeout=600, text=True, capture_output=True
        )
    if "DID NOT RAISE" in done.stdout or done.returncode != 1 or not result.exists():
        print(done.stdout[-3000:], done.stderr[-3000:], file=sys.stderr)
        return False
    text = _neutral(result.read_text(encoding="utf-8"))
    records = json.loads(text)
    result.unlink()
    (OUT / f"{name}.json").write_text(
        json.dumps(records, indent=1, ensure_ascii=True) + "\n", encoding="utf-8"
    )
    print(f"{name}: {len(records)} records")
    return bool(records)


def _environment(folder: Path, client: Client, pythons: dict[str, str]) -> Path:
    """The interpreter of a client's throwaway environment, made if it is not there."""
    interpreter = folder / "bin" / "python"
    if not (folder / "bin" / "pytest").exists():
        subprocess.run(
            [pythons.get(client.python, f"python{client.python}"), "-m", "venv", folder], check=True
        )
        wanted = ["pytest", *client.requirements]
        subprocess.run(
            [interpreter, "-m", "pip", "install", "-q", "--only-binary", ":all:", *wanted], check=True
        )
    return interpreter


def _lay_out(work: Path, client: Client) -> str:
    """Copies the cases to where a project would have its tests; returns that path, relative to the work folder."""
    (work / "pytest.ini").write_text("[pytest]\nfilterwarnings = ignore\n", encoding="utf-8")
    for name in ("loopback.py", "recorder.py"):
        shutil.copyfile(HERE / name, work / name)
    target = Path("tests", "e2e", f"test_{client.cases}.py")
    (work / target).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(HERE / "cases" / f"{client.cases}.py", work / target)
    return str(target)


def _clean_environment(work: Path, result: Path) -> dict[str, str]:
    """An environment like a runner's: no proxies, no certificate overrides, nothing of this machine."""
    return {
        "PATH": os.environ["PATH"], "HOME": "/home/runner", "LANG": "C.UTF-8", "CI": "true", "PYTHONPATH": str(work),
        "PYTHONDONTWRITEBYTECODE": "1", "RECORDING_OUT": str(result),
        "RECORDING_CERTIFICATES": str(work / "certificates"), "GRPC_VERBOSITY": "NONE",
    }  # fmt: skip


def _neutral(text: str) -> str:
    """The text with the paths of this machine's interpreter and temporary folders turned into those of a runner."""
    text = re.sub(r"/pytest-of-\w{1,40}/pytest-\d{1,6}/", "/pytest-of-runner/pytest-0/", text)
    interpreter = r"(?:/|(?:\.\./){1,9})[^\s\"']{0,120}/versions/(\d\.\d{1,2}\.\d{1,2})/lib/"
    return re.sub(interpreter, r"/opt/hostedtoolcache/Python/\1/x64/lib/", text)


def _make_certificates(folder: Path) -> None:
    """`ca.pem` and, each with its key, `good`, `expired`, `other-host` (signed by it) and `self-signed`."""
    folder.mkdir(exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("recording authority")
    authority = _certificate(name, name, key, key, authority=True)
    (folder / "ca.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    for kind, host, days in (("good", "", 365), ("expired", "", -1), ("other-host", "other.example", 365)):
        own = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(_name(host or "127.0.0.1"), name, own, key, host=host, days=days)
        _write_pem(folder / f"{kind}.pem", certificate, own)
    own = ec.generate_private_key(ec.SECP256R1())
    _write_pem(folder / "self-signed.pem", _certificate(_name("me"), _name("me"), own, own), own)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def _certificate(subject, issuer, own, signer, *, host="", days=365, authority=False) -> x509.Certificate:
    now = datetime.now(UTC)
    names = (
        [x509.DNSName(host)]
        if host
        else [x509.IPAddress(IPv4Address("127.0.0.1")), x509.DNSName("localhost")]
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(_usage(authority=authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .sign(signer, hashes.SHA256())
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    """What a key may do; since Python 3.13 an authority without this is refused before anything else is looked at."""
    names = (
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "encipher_only",
        "decipher_only",
    )
    no = dict.fromkeys(names, False)
    return x509.KeyUsage(digital_signature=not authority, key_cert_sign=authority, crl_sign=authority, **no)


def _write_pem(path: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + secret)


@contextlib.contextmanager
def _postgresql(options: argparse.Namespace) -> Iterator[str]:
    """A PostgreSQL of its own on a free loopback port; yields host:port. Runs as `nobody` when we are root."""
    folder = options.work / "postgresql"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    as_nobody = (
        ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    )
    if as_nobody:
        shutil.chown(folder, "nobody")
    env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PGTZ": "UTC"}
    password = options.work / "postgresql-password"
    password.write_text("admin\n", encoding="utf-8")
    make = [
        options.postgresql / "initdb",
        "-D",
        folder / "data",
        "-U",
        "admin",
        "-A",
        "scram-sha-256",
        f"--pwfile={password}",
        "-E",
        "UTF8",
    ]
    subprocess.run([*as_nobody, *make], env=env, check=True, stdout=subprocess.DEVNULL)
    settings = {"listen_addresses": "127.0.0.1", "port": "54329", "unix_socket_directories": "", "max_connections": "12",
                "superuser_reserved_connections": "3", "deadlock_timeout": "200ms", "fsync": "off"}  # fmt: skip
    flags = [f"-c{name}={value}" for name, value in settings.items()]
    with subprocess.Popen(
        [*as_nobody, options.postgresql / "postgres", "-D", folder / "data", *flags],
        env=env,
        stderr=subprocess.DEVNULL,
    ) as server:
        time.sleep(3)
        try:
            yield "127.0.0.1:54329"
        finally:
            server.terminate()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
