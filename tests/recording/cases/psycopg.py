"""What PostgreSQL refuses, as psycopg and its pool tell it."""

import os
import threading

import psycopg
import psycopg_pool
import pytest

import loopback
from loopback import HOST
from recorder import case

CLIENT = "psycopg"
VERSION = psycopg.__version__
SERVER_PORT = os.environ["RECORDING_DATABASE"].rpartition(":")[2]
TABLES = """
    CREATE TABLE IF NOT EXISTS plans (id int PRIMARY KEY, name text NOT NULL UNIQUE, price int CHECK (price > 0));
    CREATE TABLE IF NOT EXISTS subscriptions (id int PRIMARY KEY, plan int REFERENCES plans);
"""
STATEMENTS = [
    ("undefined_table", "invoices", "SELECT * FROM invoices"),
    ("undefined_column", "colour", "SELECT colour FROM plans"),
    ("undefined_function", "total", "SELECT total(1)"),
    ("unique_violation", "plans_name_key", "INSERT INTO plans VALUES (1, 'a', 1), (2, 'a', 1)"),
    ("foreign_key_violation", "subscriptions_plan_fkey", "INSERT INTO subscriptions VALUES (1, 4711)"),
    ("not_null_violation", "name", "INSERT INTO plans VALUES (1, NULL, 1)"),
    ("check_violation", "plans_price_check", "INSERT INTO plans VALUES (1, 'a', -1)"),
    ("syntax_error", "SELEC", "SELEC 1"),
    ("statement_timeout", "", "SET statement_timeout = 50; SELECT pg_sleep(2)"),
    ("lock_not_available", "plans", "LOCK TABLE plans NOWAIT"),
    ("division_by_zero", "", "SELECT 1/0"),
    ("invalid_text_representation", "", "SELECT 'abc'::int"),
]


def connect(**options):
    known = {"host": HOST, "port": SERVER_PORT, "user": "admin", "password": "admin", "dbname": "postgres"}
    return psycopg.connect(**{**known, **options})


def run(*statements, **options):
    with connect(**options) as connection:
        connection.execute(TABLES)
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def plans_locked(request):
    """Somebody else holds the table of plans, for the case that asks whether it is free."""
    if "lock_not_available" not in request.node.name:
        yield
        return
    run()
    with connect() as other:
        other.execute("LOCK TABLE plans")
        yield


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(text, marks=case("database", error=error, object=name), id=error)
        for error, name, text in STATEMENTS
    ],
)
def test_statement(statement, plans_locked):
    with connect(autocommit=True) as connection:
        if "LOCK" not in statement:
            connection.execute(TABLES)
        with connection.transaction():
            connection.execute(statement)


@case("database", error="invalid_password", object="admin")
def test_wrong_password():
    connect(password="wrong")


@case("database", error="undefined_database", object="shop")
def test_database_does_not_exist():
    connect(dbname="shop")


@case("database", error="insufficient_privilege", object="plans")
def test_permission_denied():
    run("DROP ROLE IF EXISTS reader; CREATE ROLE reader; SET ROLE reader; SELECT * FROM plans")


@case("database", error="in_failed_transaction")
def test_after_a_failure_in_the_same_transaction():
    with connect() as connection:
        try:
            connection.execute("SELECT 1/0")
        except psycopg.Error:
            connection.execute("SELECT 1")


@case("database", error="too_many_connections")
def test_too_many_connections():
    held = []
    try:
        for _ in range(30):
            held += [connect()]
    finally:
        for each in held:
            each.close()


@case("database", error="deadlock_detected")
def test_deadlock():
    with connect() as one, connect() as two:
        one.execute("CREATE TABLE IF NOT EXISTS a (id int); CREATE TABLE IF NOT EXISTS b (id int)")
        one.commit()
        one.execute("LOCK TABLE a")
        two.execute("LOCK TABLE b")
        # The one that waits longest is the victim, and that has to be ours.
        two.execute("SET deadlock_timeout = '10s'")
        waiting = threading.Timer(0.05, lambda: two.execute("LOCK TABLE a"))
        waiting.start()
        one.execute("LOCK TABLE b")


@case("database", error="admin_shutdown")
def test_terminated_by_an_administrator():
    with connect() as one, connect() as two:
        one.execute(f"SELECT pg_terminate_backend({two.info.backend_pid})")
        two.execute("SELECT 1")


@case("connection", state="refused")
def test_connection_refused():
    connect(port=loopback.closed_port())


@case("connection", state="closed")
def test_hung_up():
    with loopback.tcp(loopback.hang_up) as port:
        connect(port=port)


@case("connection", state="timeout")
def test_connect_timeout():
    with loopback.tcp(loopback.silent) as port:
        connect(port=port, connect_timeout=2)


@case("dns", reason="unknown", host="nonexistent.invalid")
def test_dns():
    connect(host="nonexistent.invalid")


@case("tls")
def test_server_without_tls():
    connect(sslmode="require")


@case("database", error="pool_exhausted")
def test_pool_has_no_connection_in_time():
    target = f"host={HOST} port={SERVER_PORT} user=admin password=admin dbname=postgres"
    with psycopg_pool.ConnectionPool(target, min_size=1, max_size=1) as pool, pool.connection():
        pool.getconn(timeout=0.2)


@case("database", error="closed")
def test_use_after_close():
    connection = connect()
    connection.close()
    connection.execute("SELECT 1")
