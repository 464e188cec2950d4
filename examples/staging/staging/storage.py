"""SQLite persistence: migrations, threads with messages, runs with events, archived reports."""

import json
import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

MIGRATIONS = Path(__file__).parent / "migrations"
log = logging.getLogger("staging.storage")


def migrate(database: str, scripts: list[Path] | None = None) -> list[str]:
    """Run the migration scripts (all of them by default) in order; the names of those that ran."""
    chosen = sorted(MIGRATIONS.glob("*.sql")) if scripts is None else scripts
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        for script in chosen:
            connection.executescript(script.read_text(encoding="utf-8"))
    return [script.name for script in chosen]


class Store:
    """One connection to the database of the deployment."""

    def __init__(self, database: str) -> None:
        self.connection = sqlite3.connect(database, timeout=5, isolation_level=None, check_same_thread=False)
        self.connection.row_factory = sqlite3.Row

    def add_thread(self, thread: str, user: str, title: str) -> None:
        self.connection.execute("INSERT INTO threads VALUES (?, ?, ?)", (thread, user, title))

    def owner(self, thread: str) -> str | None:
        row = self.connection.execute("SELECT user FROM threads WHERE id = ?", (thread,)).fetchone()
        return row["user"] if row else None

    def add_message(self, thread: str, role: str, content: str) -> None:
        self.connection.execute(
            "INSERT INTO messages (thread_id, role, content) VALUES (?, ?, ?)", (thread, role, content)
        )

    def messages(self, thread: str) -> list[dict[str, str]]:
        rows = self.connection.execute(
            "SELECT role, content FROM messages WHERE thread_id = ? ORDER BY id", (thread,)
        )
        return [dict(row) for row in rows]

    def start_run(self, run: str, thread: str, user: str) -> None:
        self.connection.execute("INSERT INTO runs VALUES (?, ?, ?, 'running')", (run, thread, user))

    def finish_run(self, run: str, events: list[dict[str, Any]]) -> None:
        rows = [(run, event["seq"], event["type"], event["agent"]) for event in events]
        self.connection.executemany("INSERT INTO run_events VALUES (?, ?, ?, ?)", rows)
        self.connection.execute("UPDATE runs SET status = 'completed' WHERE id = ?", (run,))

    def run(self, run: str) -> dict[str, Any] | None:
        row = self.connection.execute("SELECT * FROM runs WHERE id = ?", (run,)).fetchone()
        return dict(row) if row else None

    def archive(self, run: str, user: str, report: dict[str, Any]) -> None:
        """Keep the report for the billing team. A chat must not fail because the archive does."""
        try:
            self.connection.execute(
                "INSERT INTO run_reports VALUES (?, ?, ?, ?)",
                (run, user, report["monthly_saving"], json.dumps(report)),
            )
        except sqlite3.Error:
            log.exception("report_not_archived", extra={"fields": {"run_id": run}})
