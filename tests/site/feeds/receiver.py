"""Another program that is posted to: an HTTP server of its own thread that answers what a test wants."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


@dataclass
class Receiver:
    """What came, and what is answered next."""

    port: int = 0
    answers: list[int] = field(default_factory=list)  # used up one by one; then 200
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    location: str = ""
    hold: Event | None = None  # answered only when it is set

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?a=1"


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that listens."""
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.came.append(({name.lower(): value for name, value in self.headers.items()}, body))
            if found.hold is not None:
                found.hold.wait(20)
            status = found.answers.pop(0) if found.answers else 200
            self.send_response(status)
            if found.location:
                self.send_header("Location", found.location)
            self.end_headers()
            self.wfile.write(b"said \x00 so")

        def log_message(self, *_given: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        if found.hold is not None:
            found.hold.set()
        server.shutdown()
        server.server_close()
