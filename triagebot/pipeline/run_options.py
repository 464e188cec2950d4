"""What one command is asked to do, as values: which reports it reads, and what it may do with their causes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What one command asks for when it reads reports."""

    reports: tuple[str, ...]
    format: str | None = None
    each: bool = False
    config: str | None = None
    run_id: str | None = None
    run_url: str | None = None
    environment: str | None = None
    branch: str | None = None
    commit: str | None = None
    revision: str | None = None
    leg: str | None = None
    if_no_reports: str = "fail"
    green: tuple[str, ...] = ()
    no_logs: bool = False
    no_join: bool = False
    as_json: bool = False

    @property
    def beside(self) -> tuple[str, ...]:
        """The arguments whose logs come along where they are folders."""
        return () if self.no_logs else self.reports


@dataclass(frozen=True, slots=True)
class TriageOptions:
    """What one command wants of the tracker and the text of issues."""

    tracker: str | None = None
    draft: str = "auto"
    max_new_issues: int | None = None
    out: str | None = None
    history: str | None = None
    logs: tuple[str, ...] = ()
    passing_logs: tuple[str, ...] = ()
    session: str | None = None
    ran: str = ""
