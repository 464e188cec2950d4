"""An API that answers from inside the test process. `run.py suite --fake` puts it in the place of the service: what passes proves nothing."""

import httpx2

ANSWERS = {
    "/auth/token": {"token": "fake"},
    "/api/me": {"user": "ada"},
    "/api/threads": {"thread_id": "thread-1", "threads": []},
    "/health": {"status": "ok", "service": "api"},
}


def transport() -> httpx2.MockTransport:
    return httpx2.MockTransport(lambda request: httpx2.Response(200, json=ANSWERS.get(request.url.path, {})))
