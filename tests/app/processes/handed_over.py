"""What root's commands do in a data directory that is another user's; prints it as JSON.

    python -m tests.app.processes.handed_over USER

It needs root. The user has put a link to a file of root's where the first key lies, and has written down that haechi
answers on a port of his, then on a computer elsewhere.
"""

import json
import os
import pwd
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from haechi.app.processes import presence
from tests.journey.apart import open_the_way, strangers

SECRET = "a-key-of-the-door"
received: list[str] = []


class Listener(BaseHTTPRequestHandler):
    """Remembers what it was asked with."""

    def do_GET(self) -> None:
        received.append(str(self.headers))
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_POST = do_GET  # noqa: N815  the name that http.server looks for

    def log_message(self, *_: Any) -> None:
        """Nothing."""


def haechi(data: Path, *words: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "haechi", *words, "--data", str(data), "--json", "--lang", "en"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return json.loads(done.stdout)


def main(name: str) -> None:
    open_the_way(Path(sys.base_prefix))
    here = Path(tempfile.mkdtemp())
    here.chmod(0o711)
    secret, data = here / "secret", here / "data"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    data.mkdir(mode=0o700)
    user = pwd.getpwnam(name)
    os.chown(data, user.pw_uid, user.pw_gid)
    made = haechi(data, "keys", "create", "one")
    told: dict[str, Any] = {"made": made["name"], "strangers": strangers(data)}
    (data / "keys").mkdir(exist_ok=True)
    (data / "keys" / "first.key").symlink_to(secret)
    presence.take(data)
    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for host in ("127.0.0.1", "192.0.2.1"):
        presence.announce(data, host=host, port=server.server_port, tls=False)
        told[host] = next(each for each in haechi(data, "doctor")["findings"] if each["name"] == "gate")
    told["asked"] = len(received)
    told["secret"] = any(SECRET in each for each in received)
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
