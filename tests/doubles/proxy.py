"""A proxy on loopback before a real server, which can stop to answer or refuse at any moment, as networks do."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal

Mode = Literal["pass", "silent", "refuse"]


class Proxy:
    """Passes bytes on to `port` until `mode` says otherwise.

    "silent" keeps every connection open, also new ones, and answers nothing: a black hole. "refuse" ends them all.
    """

    def __init__(self, port: int) -> None:
        self.target = port
        self.mode: Mode = "pass"
        self.lines: list[socket.socket] = []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.door.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def turn(self, mode: Mode) -> None:
        """From now on it behaves so."""
        self.mode = mode
        if mode == "refuse":
            self._hang_up()

    def close(self) -> None:
        """Nothing is served any more."""
        self.door.close()
        self._hang_up()

    def _hang_up(self) -> None:
        for line in self.lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self.lines.clear()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                self._welcome(self.door.accept()[0])

    def _welcome(self, here: socket.socket) -> None:
        if self.mode == "refuse":
            here.close()
            return
        there = socket.create_connection(("127.0.0.1", self.target))
        self.lines += [here, there]
        for source, sink in ((here, there), (there, here)):
            threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        """What is said while the proxy is silent is never heard: TCP takes it, and nobody answers."""
        with suppress(OSError):
            while data := source.recv(65_536):
                if self.mode == "pass":
                    sink.sendall(data)
        for line in (source, sink):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()


@contextmanager
def proxied(url: str) -> Iterator[tuple[str, Proxy]]:
    """A URL like `url` that goes through a proxy, and the proxy."""
    port = int(url.rpartition(":")[2].partition("/")[0])
    proxy = Proxy(port)
    try:
        yield url.replace(f":{port}/", f":{proxy.port}/"), proxy
    finally:
        proxy.close()
