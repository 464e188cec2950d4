"""Server selection, timeouts and command failures of pymongo; a server of ours answers the handshake and the failure."""

import struct

import bson
import pymongo
import pytest

import loopback
from loopback import HOST
from recorder import case

CLIENT = "pymongo"
VERSION = pymongo.version
SOURCE = "recorded; server errors worded after MongoDB's documentation, not sent by a MongoDB"
HELLO = {"ok": 1, "isWritablePrimary": True, "ismaster": True, "maxWireVersion": 21, "minWireVersion": 0,
         "maxBsonObjectSize": 16777216, "maxMessageSizeBytes": 48000000, "maxWriteBatchSize": 100000}  # fmt: skip
FAILURES = [
    ("invalid_password", {"code": 18, "codeName": "AuthenticationFailed", "errmsg": "Authentication failed."}),
    ("insufficient_privilege", {"code": 13, "codeName": "Unauthorized", "errmsg": 'not authorized on shop to execute command { find: "orders" }'}),
    ("no_primary", {"code": 10107, "codeName": "NotWritablePrimary", "errmsg": "not primary"}),
    ("statement_timeout", {"code": 50, "codeName": "MaxTimeMSExpired", "errmsg": "operation exceeded time limit"}),
]  # fmt: skip


def answering(failure):
    """A server that says hello as a primary and answers everything else with `failure`."""

    def serve(connection):
        while True:
            size, request, _, operation = struct.unpack(
                "<iiii", connection.recv(16, loopback.socket.MSG_WAITALL)
            )
            body = connection.recv(size - 16, loopback.socket.MSG_WAITALL)
            hello = operation == 2004 or b"hello" in body or b"ismaster" in body
            answer(connection, operation, request, HELLO if hello else {"ok": 0, **failure})

    return loopback.tcp(serve)


def answer(connection, operation, request, document):
    payload = bson.encode(document)
    if operation == 2004:
        head, code = struct.pack("<iqii", 8, 0, 0, 1), 1
    else:
        head, code = struct.pack("<ib", 0, 0), 2013
    connection.sendall(struct.pack("<iiii", 16 + len(head) + len(payload), 1, request, code) + head + payload)


def find(port, **options):
    with pymongo.MongoClient(HOST, port, serverSelectionTimeoutMS=300, retryReads=False, **options) as client:
        return client.shop.orders.find_one()


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(reply, marks=case("database", error=error), id=reply["codeName"])
        for error, reply in FAILURES
    ],
)
def test_failure(failure):
    with answering(failure) as port:
        find(port)


@case("database", error="unique_violation", object="shop.users")
def test_duplicate_key():
    error = {
        "index": 0,
        "code": 11000,
        "errmsg": 'E11000 duplicate key error collection: shop.users index: email_1 dup key: { email: "a@b.example" }',
    }
    with answering({"ok": 1, "n": 0, "writeErrors": [error]}) as port, pymongo.MongoClient(
        HOST, port
    ) as client:
        client.shop.users.insert_one({"email": "a@b.example"})


@case("connection", state="refused")
def test_connection_refused():
    find(loopback.closed_port())


@case("connection", state="closed")
def test_hung_up():
    with loopback.tcp(loopback.hang_up) as port:
        find(port)


@case("timeout")
def test_server_silent():
    with loopback.tcp(loopback.silent) as port:
        find(port, connectTimeoutMS=200)


@case("dns", reason="unknown", host="nonexistent.invalid")
def test_dns():
    with pymongo.MongoClient("nonexistent.invalid", serverSelectionTimeoutMS=300) as client:
        client.shop.orders.find_one()


@case("connection", state="refused")
def test_replica_set_without_a_primary():
    with pymongo.MongoClient(
        HOST, loopback.closed_port(), replicaSet="rs0", serverSelectionTimeoutMS=300
    ) as client:
        client.shop.orders.find_one()
