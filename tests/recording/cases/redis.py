"""Errors of redis-py. A server of ours sends the error replies that Redis documents."""

import pytest
import redis

import loopback
from loopback import HOST
from recorder import case

CLIENT = "redis"
VERSION = redis.__version__
SOURCE = "recorded; error replies worded after Redis's documentation, not sent by a Redis"
REPLIES = [
    ("no_auth", "NOAUTH Authentication required."),
    ("invalid_password", "WRONGPASS invalid username-password pair or user is disabled."),
    ("wrong_type", "WRONGTYPE Operation against a key holding the wrong kind of value"),
    ("cannot_connect_now", "LOADING Redis is loading the dataset in memory"),
    ("read_only_sql_transaction", "READONLY You can't write against a read only replica."),
    ("out_of_memory", "OOM command not allowed when used memory > 'maxmemory'."),
    ("misconfigured", "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that may modify the data set are disabled, because this instance is configured to report errors during writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB error."),
    ("busy", "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE."),
    ("cluster_down", "CLUSTERDOWN The cluster is down"),
    ("insufficient_privilege", "NOPERM User worker has no permissions to run the 'set' command"),
    ("too_many_connections", "ERR max number of clients reached"),
]  # fmt: skip


def answering(reply):
    def serve(connection):
        while connection.recv(65536):
            connection.sendall(b"-" + reply.encode() + b"\r\n")

    return loopback.tcp(serve)


def client(port, **options):
    # One attempt and the old protocol, which opens without a greeting.
    return redis.Redis(
        host=HOST, port=port, retry=None, protocol=2, lib_name=None, lib_version=None, **options
    )


@pytest.mark.parametrize(
    "reply",
    [pytest.param(text, marks=case("database", error=error), id=text.split()[0]) for error, text in REPLIES],
)
def test_reply(reply):
    with answering(reply) as port:
        client(port).set("session", "1")


@case("connection", state="refused")
def test_connection_refused():
    client(loopback.closed_port()).get("session")


@case("connection", state="reset")
def test_reset():
    with loopback.tcp(loopback.reset) as port:
        client(port).get("session")


@case("connection", state="closed")
def test_hung_up():
    with loopback.tcp(loopback.hang_up) as port:
        client(port).get("session")


@case("connection", state="timeout")
def test_connect_timeout():
    with loopback.unreachable() as port:
        client(port, socket_connect_timeout=0.3).get("session")


@case("timeout")
def test_read_timeout():
    with loopback.tcp(loopback.silent) as port:
        client(port, socket_timeout=0.3).get("session")


@case("dns", reason="unknown", host="nonexistent.invalid")
def test_dns():
    redis.Redis(host="nonexistent.invalid", retry=None).get("session")


@case("")
def test_lock_not_acquired():
    with loopback.tcp(lambda connection: connection.recv(99) and connection.sendall(b"$-1\r\n")) as port:
        client(port).lock("orders", blocking=False).__enter__()
