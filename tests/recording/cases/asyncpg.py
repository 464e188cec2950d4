"""What PostgreSQL refuses, as asyncpg tells it."""

import asyncio
import os

import asyncpg
import pytest

import loopback
from loopback import HOST
from recorder import case

CLIENT = "asyncpg"
VERSION = asyncpg.__version__
SERVER_PORT = int(os.environ["RECORDING_DATABASE"].rpartition(":")[2])
TABLES = """
    CREATE TABLE IF NOT EXISTS plans (id int PRIMARY KEY, name text NOT NULL UNIQUE, price int CHECK (price > 0));
    CREATE TABLE IF NOT EXISTS subscriptions (id int PRIMARY KEY, plan int REFERENCES plans);
"""


def connect(**options):
    known = {
        "host": HOST,
        "port": SERVER_PORT,
        "user": "admin",
        "password": "admin",
        "database": "postgres",
        "ssl": False,
    }
    return asyncpg.connect(**{**known, **options})


def run(*statements, **options):
    async def execute():
        connection = await connect(**options)
        try:
            await connection.execute(TABLES)
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(execute())


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
    ("string_data_right_truncation", "", "SELECT 'abc'::varchar(2); CREATE TEMP TABLE t (a varchar(2)); INSERT INTO t VALUES ('abc')"),
    ("division_by_zero", "", "SELECT 1/0"),
    ("invalid_text_representation", "", "SELECT 'abc'::int"),
]  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(text, marks=case("database", error=error, object=name), id=error)
        for error, name, text in STATEMENTS
    ],
)
def test_statement(statement):
    run(statement)


@case("database", error="invalid_password", object="admin")
def test_wrong_password():
    run(password="wrong")


@case("database", error="undefined_database", object="shop")
def test_database_does_not_exist():
    run(database="shop")


@case("database", error="insufficient_privilege", object="plans")
def test_permission_denied():
    run("DROP ROLE IF EXISTS reader; CREATE ROLE reader; SET ROLE reader; SELECT * FROM plans")


@case("database", error="read_only_sql_transaction")
def test_read_only_transaction():
    run("SET default_transaction_read_only = on", "INSERT INTO plans VALUES (1, 'a', 1)")


@case("database", error="too_many_connections")
def test_too_many_connections():
    async def many():
        held = []
        try:
            for _ in range(30):
                held += [await connect()]
        finally:
            for each in held:
                await each.close()

    asyncio.run(many())


@case("database", error="deadlock_detected")
def test_deadlock():
    async def lock():
        one, two = await connect(), await connect()
        await one.execute("CREATE TABLE IF NOT EXISTS a (id int); CREATE TABLE IF NOT EXISTS b (id int)")
        await one.execute("BEGIN; LOCK TABLE a")
        await two.execute("BEGIN; LOCK TABLE b")
        try:
            await asyncio.gather(one.execute("LOCK TABLE b"), two.execute("LOCK TABLE a"))
        finally:
            one.terminate()
            two.terminate()

    asyncio.run(lock())


@case("database", error="admin_shutdown")
def test_terminated_by_an_administrator():
    async def terminate():
        one, two = await connect(), await connect()
        try:
            asleep = asyncio.ensure_future(two.execute("SELECT pg_sleep(5)"))
            await asyncio.sleep(0.1)
            await one.execute(f"SELECT pg_terminate_backend({two.get_server_pid()})")
            await asleep
        finally:
            await one.close()

    asyncio.run(terminate())


@case("connection", state="refused")
def test_connection_refused():
    run(port=loopback.closed_port())


@case("connection", state="closed")
def test_hung_up():
    with loopback.tcp(loopback.hang_up) as port:
        run(port=port)


@case("timeout")
def test_connect_timeout():
    with loopback.tcp(loopback.silent) as port:
        run(port=port, timeout=0.3)


@case("dns", reason="unknown")
def test_dns():
    run(host="nonexistent.invalid")


@case("database", error="closed")
def test_use_after_close():
    async def use():
        connection = await connect()
        await connection.close()
        await connection.execute("SELECT 1")

    asyncio.run(use())


@case("timeout")
def test_pool_has_no_connection_in_time():
    async def acquire():
        async with asyncpg.create_pool(
            host=HOST,
            port=SERVER_PORT,
            user="admin",
            password="admin",
            database="postgres",
            ssl=False,
            min_size=1,
            max_size=1,
        ) as pool, pool.acquire():
            await pool.acquire(timeout=0.2)

    asyncio.run(acquire())
