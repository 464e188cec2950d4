"""What SQLite refuses, as Python's own sqlite3 tells it."""

import sqlite3

import pytest

from recorder import case

CLIENT = "sqlite3"
VERSION = sqlite3.sqlite_version
STATEMENTS = [
    ("undefined_table", "invoices", "SELECT * FROM invoices"),
    ("undefined_column", "colour", "SELECT colour FROM plans"),
    ("undefined_column", "size", "INSERT INTO plans (size) VALUES (1)"),
    ("unique_violation", "plans.name", "INSERT INTO plans VALUES (1, 'a', 1), (2, 'a', 1)"),
    ("not_null_violation", "plans.name", "INSERT INTO plans VALUES (1, NULL, 1)"),
    ("check_violation", "", "INSERT INTO plans VALUES (1, 'a', -1)"),
    ("foreign_key_violation", "", "INSERT INTO subscriptions VALUES (4711)"),
    ("syntax_error", "SELEC", "SELEC 1"),
]


@pytest.fixture
def shop(tmp_path):
    connection = sqlite3.connect(tmp_path / "shop.db", timeout=0.1)
    connection.executescript(
        "PRAGMA foreign_keys = on;"
        "CREATE TABLE plans (id int PRIMARY KEY, name text NOT NULL UNIQUE, price int CHECK (price > 0));"
        "CREATE TABLE subscriptions (plan int REFERENCES plans (id));"
    )
    yield connection
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(text, marks=case("database", error=error, object=name))
        for error, name, text in STATEMENTS
    ],
)
def test_statement(shop, statement):
    shop.execute(statement)


@case("database", error="lock_not_available")
def test_database_is_locked(shop, tmp_path):
    other = sqlite3.connect(tmp_path / "shop.db")
    other.execute("BEGIN EXCLUSIVE")
    try:
        shop.execute("INSERT INTO plans VALUES (1, 'a', 1)")
    finally:
        other.close()


@case("database", error="cannot_open")
def test_cannot_open():
    sqlite3.connect("/nonexistent/shop.db")


@case("database", error="not_a_database")
def test_not_a_database(tmp_path):
    (tmp_path / "shop.db").write_text("this is no database at all, " * 40, encoding="utf-8")
    sqlite3.connect(tmp_path / "shop.db").execute("SELECT 1 FROM plans")


@case("database", error="corrupted")
def test_malformed(shop, tmp_path):
    shop.executemany("INSERT INTO plans VALUES (?, ?, 1)", [(n, "x" * 500 + str(n)) for n in range(200)])
    shop.commit()
    shop.close()
    raw = bytearray((tmp_path / "shop.db").read_bytes())
    raw[4096:] = b"\xff" * (len(raw) - 4096)
    (tmp_path / "shop.db").write_bytes(raw)
    sqlite3.connect(tmp_path / "shop.db").execute("SELECT * FROM plans").fetchall()


@case("database", error="read_only_sql_transaction")
def test_read_only(shop, tmp_path):
    sqlite3.connect(f"file:{tmp_path}/shop.db?mode=ro", uri=True).execute(
        "INSERT INTO plans VALUES (1, 'a', 1)"
    )


@case("database", error="closed")
def test_use_after_close(shop):
    shop.close()
    shop.execute("SELECT 1")
