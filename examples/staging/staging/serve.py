"""`python -m staging.serve api|realtime|pricing`: one service of the deployment, on PORT of the loopback."""

import os
import sys
import time

import uvicorn

from staging import logs

FACTORIES = {
    "api": "staging.api:create",
    "realtime": "staging.realtime:create",
    "pricing": "staging.pricing:app",
}


def main(service: str) -> None:
    logs.configure(service)
    time.sleep(float(os.environ.get("WARM_UP_S", "0")))  # where a model would be loaded
    limit = os.environ.get("LIMIT_CONCURRENCY")
    uvicorn.run(
        FACTORIES[service],
        factory=service != "pricing",
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        ws="websockets-sansio",
        log_config=None,
        limit_concurrency=int(limit) if limit else None,
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main(sys.argv[1])
