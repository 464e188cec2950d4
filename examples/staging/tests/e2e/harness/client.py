"""What a customer's program would hold: a user with a token, and a chat over the WebSocket."""

import json
import logging
import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
from harness import fake
from websockets.sync.client import ClientConnection, connect

log = logging.getLogger("harness")
TLS = ssl.create_default_context()  # made once: it takes longer than most requests
TRANSPORT = fake.transport() if "STAGING_FAKE" in os.environ else None
Event = dict[str, Any]


class Secret(str):
    """Text whose repr does not show it, for it must not stand in a traceback."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'<secret>'"


class User:
    """A user who has signed in: a token, and an HTTP client that sends it."""

    def __init__(self, name: str, token: str) -> None:
        self.name = name
        self.header = {"Authorization": Secret(f"Bearer {token}")}
        self.http = httpx2.Client(
            base_url=os.environ["API_URL"], headers=self.header, verify=TLS, timeout=10, transport=TRANSPORT
        )

    def __repr__(self) -> str:
        return f"<User {self.name}>"

    @classmethod
    def sign_in(cls, name: str, **claims: Any) -> "User":
        url = f"{os.environ['API_URL']}/auth/token"
        with httpx2.Client(verify=TLS, timeout=10, transport=TRANSPORT) as client:
            response = client.post(url, json={"user": name, **claims})
        response.raise_for_status()
        return cls(name, response.json()["token"])

    def refreshed(self) -> "User":
        response = self.http.post("/auth/refresh")
        response.raise_for_status()
        return User(self.name, response.json()["token"])

    def get(self, path: str) -> Any:
        response = self.http.get(path)
        log.info("GET %s -> %s", path, response.status_code)
        response.raise_for_status()
        return response.json()

    def post(self, path: str, **body: Any) -> Any:
        response = self.http.post(path, json=body)
        log.info("POST %s -> %s", path, response.status_code)
        response.raise_for_status()
        return response.json()

    def put(self, path: str, **body: Any) -> Any:
        response = self.http.put(path, json=body)
        log.info("PUT %s -> %s", path, response.status_code)
        response.raise_for_status()
        return response.json()

    def new_thread(self, title: str = "costs") -> str:
        return str(self.post("/api/threads", title=title)["thread_id"])

    def run(self, content: str = "Where can I save?") -> Any:
        """One run over HTTP: its id, its events and its report."""
        answer = self.post("/api/runs", thread_id=self.new_thread(), content=content)
        print_transcript(answer["events"])
        return answer


class Chat:
    """One WebSocket connection of a user."""

    def __init__(self, user: User, connection: ClientConnection) -> None:
        self.user = user
        self.connection = connection

    def send(self, **message: Any) -> None:
        log.info("%s sends %s", self.user.name, message.get("type"))
        self.connection.send(json.dumps(message))

    def receive(self, timeout: float = 10) -> Event:
        event = json.loads(self.connection.recv(timeout))
        log.info("%s receives %s %s", self.user.name, event["type"], event.get("agent", ""))
        return event

    def events(self) -> Iterator[Event]:
        """What the agents send, up to and with the end of the run."""
        while True:
            yield (event := self.receive())
            if event["type"] in ("run_completed", "error"):
                return

    def ask(self, content: str = "Where can I save?", **options: Any) -> list[Event]:
        """The events of one question in a new thread."""
        thread = self.user.new_thread()
        self.send(type="user_message", thread_id=thread, content=content, **options)
        return list(self.events())


@contextmanager
def open_chat(user: User, **options: Any) -> Iterator[Chat]:
    """A chat of `user`, before anything was received; closed at the end."""
    url = os.environ["REALTIME_URL"].replace("http", "ws", 1) + "/ws"
    log.info("%s connects to %s", user.name, url)
    options = {"close_timeout": 0.3, **options}
    with connect(url, additional_headers=user.header, proxy=None, **options) as connection:
        yield Chat(user, connection)


def print_transcript(events: list[Event]) -> None:
    """The events as a person would like to read them beside a failure."""
    for event in events:
        print(f"{event.get('seq', '-'):>3} {event.get('agent', '-'):<12} {event['type']}")
