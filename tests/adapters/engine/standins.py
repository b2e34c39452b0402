"""Small servers that answer as the true ones do, for as long as a `with` block lasts."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, str], bytes]
Respond = Callable[[str, str, Mapping[str, str], bytes], Answer | None]


def as_json(value: object, status: int = 200, **headers: str) -> Answer:
    return (
        status,
        {"Content-Type": "application/json"} | {k.replace("_", "-"): v for k, v in headers.items()},
        json.dumps(value).encode(),
    )


NOT_FOUND = as_json({"error": "not found"}, 404)


@contextmanager
def standing(respond: Respond) -> Iterator[int]:
    """Serve `respond(method, path, headers, body)`; an answer of `None` hangs until the block ends."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            sent = {name.lower(): value for name, value in self.headers.items()}
            answer = respond(self.command, self.path, sent, self.rfile.read(length))
            if answer is None:
                over.wait(30)
                self.close_connection = True
                return
            status, headers, body = answer
            self.send_response(status)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                try:
                    self.wfile.write(body)
                except OSError:  # the other side has heard enough
                    self.close_connection = True
            if int(headers.get("Content-Length", len(body))) != len(body):
                self.close_connection = True  # promised more than was sent: the connection breaks here

        do_GET = do_POST = do_HEAD = answer  # noqa: N815 - the base class calls them so

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # the other side left in the middle: what these tests are about

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def routes(table: Mapping[str, Answer | None]) -> Respond:
    """Fixed answers by path; anything else is not found."""

    def respond(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
        return table.get(path, NOT_FOUND)

    return respond
