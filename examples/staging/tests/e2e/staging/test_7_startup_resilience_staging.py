"""The deployment is whole: services answer, the schema is there, a roll-out is ready when it says so."""

import os
import sqlite3

import httpx2
import pytest


class TestServices:
    @pytest.mark.parametrize("service", ["api", "realtime"])
    def test_service_is_healthy(self, service: str) -> None:
        response = httpx2.get(f"{os.environ[f'{service.upper()}_URL']}/health", timeout=5)
        response.raise_for_status()
        assert response.json()["service"] == service

    @pytest.mark.parametrize("table", ["threads", "messages", "runs", "run_events", "run_reports"])
    def test_schema_has_the_table(self, database: sqlite3.Connection, table: str) -> None:
        assert database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] >= 0


class TestRollOut:
    def test_new_instance_is_healthy(self, canary: httpx2.Client) -> None:
        assert canary.get("/health").json()["status"] == "ok"

    def test_new_instance_signs_users_in(self, canary: httpx2.Client) -> None:
        assert canary.post("/auth/token", json={"user": "ada"}).json()["expires_in"] > 0

    def test_new_instance_runs_the_same_revision(self, canary: httpx2.Client) -> None:
        assert canary.get("/health").json()["revision"] == os.environ["STAGING_REVISION"]
