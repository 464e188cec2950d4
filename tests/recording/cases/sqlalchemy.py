"""What PostgreSQL (through psycopg) and SQLite refuse, as SQLAlchemy wraps it."""

import os

import pytest
import sqlalchemy as sa

import loopback
from loopback import HOST
from recorder import case

CLIENT = "SQLAlchemy"
VERSION = sa.__version__
SERVER_PORT = int(os.environ["RECORDING_DATABASE"].rpartition(":")[2])
STATEMENTS = [
    ("undefined_table", "invoices", "SELECT * FROM invoices WHERE id = 4711"),
    ("undefined_column", "colour", "SELECT colour FROM plans"),
    ("unique_violation", "", "INSERT INTO plans VALUES (1, 'a'), (2, 'a')"),
    ("not_null_violation", "", "INSERT INTO plans VALUES (1, NULL)"),
    ("syntax_error", "SELEC", "SELEC 1"),
]


def cases(**objects):
    """One parameter for each statement, with the object as this database names it."""
    return [
        pytest.param(text, marks=case("database", error=error, object=objects.get(error, name)), id=error)
        for error, name, text in STATEMENTS
    ]


def run(engine, statement):
    with engine.begin() as connection:
        connection.execute(
            sa.text("CREATE TABLE IF NOT EXISTS plans (id int PRIMARY KEY, name text NOT NULL UNIQUE)")
        )
    with engine.begin() as connection:
        connection.execute(sa.text(statement))


def postgresql(port=SERVER_PORT, host=HOST, password="admin", database="postgres", **options):
    return sa.create_engine(f"postgresql+psycopg://admin:{password}@{host}:{port}/{database}", **options)


@pytest.mark.parametrize("statement", cases(unique_violation="plans_name_key", not_null_violation="name"))
def test_postgresql(statement):
    run(postgresql(), statement)


@pytest.mark.parametrize("statement", cases(unique_violation="plans.name", not_null_violation="plans.name"))
def test_sqlite(statement):
    run(sa.create_engine("sqlite://"), statement)


@case("connection", state="refused")
def test_connection_refused():
    postgresql(port=loopback.closed_port()).connect()


@case("dns", reason="unknown", host="nonexistent.invalid")
def test_dns():
    postgresql(host="nonexistent.invalid").connect()


@case("database", error="invalid_password", object="admin")
def test_wrong_password():
    postgresql(password="wrong").connect()


@case("database", error="undefined_database", object="shop")
def test_database_does_not_exist():
    postgresql(database="shop").connect()


@case("database", error="pool_exhausted")
def test_pool_has_no_connection_in_time():
    engine = postgresql(pool_size=1, max_overflow=0, pool_timeout=0.2)
    with engine.connect():
        engine.connect()


@case("database", error="cannot_open")
def test_sqlite_file_in_a_folder_that_does_not_exist():
    sa.create_engine("sqlite:////nonexistent/shop.db").connect()


@case("database", error="statement_timeout")
def test_statement_timeout():
    engine = postgresql(connect_args={"options": "-c statement_timeout=50"})
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT pg_sleep(2)"))


@case("")
def test_no_row_was_found():
    with sa.create_engine("sqlite://").connect() as connection:
        connection.execute(sa.text("SELECT 1 WHERE 1 = 2")).one()
