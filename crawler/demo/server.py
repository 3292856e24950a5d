"""A real HTTP/1.1 server on 127.0.0.1 in a thread: a function from Request to Response goes in, a log of requests out.

It serves the bundled papers and, in the tests, whatever a crawler may meet: slow, cut off, reset or plainly wrong
answers. Standard library only.
"""

from __future__ import annotations

import socket
import struct
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from errno import EADDRINUSE
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from threading import Event, Thread
from typing import Any

ADDRESS = "127.0.0.1"


class PortError(OSError):
    """The server cannot listen on its port; the message names the port and the reason."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked for."""

    time: float  #: seconds of the monotonic clock at which the request's head had been read
    method: str
    path: str  #: as sent: with the query
    headers: Mapping[str, str]  #: names in lower case; repeated ones joined with ", "


@dataclass(frozen=True, slots=True)
class Response:
    """What it gets.

    Content-Length is added unless the headers name it (one that is not the body's length ends the connection after it)
    or Transfer-Encoding (the body is then sent as it is). `raw`, where given, is called with the connection instead of
    all that, may write anything or nothing, and the connection is closed when it returns.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: Callable[[socket.socket], object] | None = None


def reset(connection: socket.socket) -> None:
    """A `raw` answer: the client sees the connection reset by its peer."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Server:
    """A context manager: entering it starts the server, leaving it cuts what is open, waits for the threads to end, and
    raises what an answer raised (the client got a 500 for it).

    `answer` is called in a thread a connection, at once for as many as there are. One that takes its time should wait
    on `stopping` rather than sleep. Port 0 is any free one. Entering raises PortError if the port cannot be had.
    """

    def __init__(self, answer: Callable[[Request], Response], port: int = 0) -> None:
        self.answer = answer
        self.port = port  #: the one listened on, once entered
        self.requests: list[Request] = []  #: every request so far, in order of arrival
        self.errors: list[Exception] = []  #: what `answer` or its `raw` raised
        self.stopping = Event()  #: set when the server is being left

    @property
    def host(self) -> str:
        return f"{ADDRESS}:{self.port}"

    def url(self, path: str = "/") -> str:
        return f"http://{self.host}{path}"

    def __enter__(self) -> Server:
        try:
            self._listener = _Listener(self)
        except OSError as error:
            reason = "another program listens there" if error.errno == EADDRINUSE else error.strerror
            raise PortError(f"cannot listen on {self.host}: {reason}") from error
        self.port = self._listener.server_address[1]
        self._thread = Thread(target=self._listener.serve_forever, args=(0.02,), name=f"server {self.host}")
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.stopping.set()
        self._listener.shutdown()
        self._thread.join()
        self._listener.cut()
        self._listener.server_close()
        if kind is None and self.errors:
            raise self.errors[0]


class _Listener(ThreadingMixIn, TCPServer):
    # Not http.server.HTTPServer: its bind asks DNS for the host's full name, which takes seconds on some machines.
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, server: Server) -> None:
        self.server = server
        self.connections: set[socket.socket] = set()
        super().__init__((ADDRESS, server.port), _Connection)

    def cut(self) -> None:
        for connection in tuple(self.connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.connections.discard(request)
        was_reset = request.fileno() != -1 and request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER)
        if was_reset:  # a shutdown would say goodbye first
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exception()
        if isinstance(error, Exception) and not isinstance(error, OSError):  # OSError: the client went away
            self.server.errors.append(error)


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Listener

    def handle_any(self) -> None:
        headers: dict[str, str] = {}
        for name, value in self.headers.items():
            key = name.lower()
            headers[key] = f"{headers[key]}, {value}" if key in headers else value
        request = Request(time.monotonic(), self.command, self.path, headers)
        self.rfile.read(int(headers.get("content-length", 0)))  # else it would be taken for the next request
        server = self.server.server
        server.requests.append(request)
        try:
            response = server.answer(request)
        except Exception as error:
            server.errors.append(error)
            response = Response(500, repr(error).encode(), {"Content-Type": "text/plain; charset=utf-8"})
        if response.raw is None:
            self.send(response)
        else:
            self.close_connection = True
            response.raw(self.connection)

    do_GET = do_HEAD = do_POST = handle_any  # noqa: N815

    def send(self, response: Response) -> None:
        headers = dict(response.headers)
        named = {name.lower(): value for name, value in headers.items()}
        length = str(len(response.body))
        if named.get("content-length", length) != length or named.get("connection", "").lower() == "close":
            self.close_connection = True
        if not named.keys() & {"content-length", "transfer-encoding"} and response.status not in (204, 304):
            headers["Content-Length"] = length
        phrase = HTTPStatus(response.status).phrase if response.status in HTTPStatus._value2member_map_ else ""
        fields = (f"{name}: {value}" for name, value in headers.items())
        head = "\r\n".join([f"HTTP/1.1 {response.status} {phrase}", *fields, "", ""]).encode("latin-1")
        bodiless = self.command == "HEAD" or response.status in (204, 304)
        self.wfile.write(head if bodiless else head + response.body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: Server.requests is the log."""
