"""The registry of the small Internet: it has an image for every name, so that nothing is pulled from outside the lab.

In: a folder of the lab, served as the distribution API wants it; a name that is not in it gets the stand-in. Out:
answers at one port. Runs inside the lab; never outlives it.
"""

from __future__ import annotations

import hashlib
import http.server
import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

from warren.lab.machines.oci import MANIFEST

PORT = 5000
# Served under every name and tag that nobody has put there.
ANY = "any"
LOG = "requests.log"


def find(folder: Path, asked: str) -> Path | None:
    """The file behind /v2/NAME/manifests/REFERENCE or /v2/NAME/blobs/DIGEST."""
    parts = [part for part in asked.partition("?")[0].split("/") if part not in ("", ".", "..")]
    if len(parts) < 4 or parts[0] != "v2" or parts[-2] not in ("manifests", "blobs"):
        return None
    kind, last = parts[-2:]
    if kind == "blobs":
        names = [folder / "blobs" / last]
    else:
        names = [folder / "manifests" / "/".join(parts[1:-2]) / last, folder / "digests" / last]
        # Whoever pins a digest wants that image and no other.
        names += [] if last.startswith("sha256:") else [folder / ANY]
    return next((name for name in names if name.is_file()), None)


class Answer(http.server.BaseHTTPRequestHandler):
    """One request; the folder is the current one."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send a manifest, a blob, or that there is none."""
        if self.path.rstrip("/") == "/v2":
            return self._say(200, b"{}", "application/json")
        if (found := find(Path("."), self.path)) is None:
            return self._say(404, b'{"errors": [{"code": "MANIFEST_UNKNOWN"}]}', "application/json")
        self._say(200, found.read_bytes(), MANIFEST if "/manifests/" in self.path else "application/octet-stream")

    do_HEAD = do_GET

    def _say(self, code: int, content: bytes, kind: str) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Docker-Content-Digest", f"sha256:{hashlib.sha256(content).hexdigest()}")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, format: str, *words: object) -> None:
        """A line for each request, for whoever wants to know what was pulled."""
        with open(LOG, "a", encoding="utf-8") as log:
            log.write(f"{self.command} {self.path}\n")


class Server(http.server.ThreadingHTTPServer):
    """On both families."""

    address_family = socket.AF_INET6


def main(arguments: list[str]) -> NoReturn:
    """`registry FOLDER`: serve it at every address of the core."""
    os.chdir(arguments[0])
    Server(("::", PORT), Answer).serve_forever()
    raise AssertionError("a server does not end")


if __name__ == "__main__":
    main(sys.argv[1:])
