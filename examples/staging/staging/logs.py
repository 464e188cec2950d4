"""The structured service log: one JSON object a line, all services in one file."""

import json
import logging
import os
import time


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON. Fields come from `extra={"fields": {...}}`."""

    converter = time.gmtime

    def __init__(self, service: str) -> None:
        super().__init__(datefmt="%Y-%m-%dT%H:%M:%S")
        self.service = service

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "ts": f"{self.formatTime(record, self.datefmt)}.{record.msecs:03.0f}Z",
            "level": record.levelname,
            "service": self.service,
            "logger": record.name,
            "event": record.getMessage().strip(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


def configure(service: str) -> None:
    """Send everything that this process logs to the file STAGING_LOG names."""
    handler = logging.FileHandler(os.environ["STAGING_LOG"], encoding="utf-8")
    handler.setFormatter(JsonLines(service))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("httpx2").setLevel(logging.WARNING)
