"""A registry of images at a place of a lab: just enough of the distribution API for pulls and for updates.

In: a lab, a place, images under names and tags, which may be moved to others while it serves. Out: an address such as
192.0.2.53:5000. Never outlives its `with`.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.machines.images import MANIFEST, Image
from warren.lab import netns
from warren.lab.lab import Lab

PORT = 5000

# Serves a folder: /v2/NAME/manifests/TAG-OR-DIGEST and /v2/NAME/blobs/DIGEST are files of the same path.
PROGRAM = f"""
import http.server, hashlib, os, sys
class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        path = "." + os.path.normpath(self.path.split("?")[0])
        if self.path.rstrip("/") == "/v2":
            return self.say(200, b"{{}}", "application/json")
        if not os.path.isfile(path):
            return self.say(404, b'{{"errors": [{{"code": "NAME_UNKNOWN"}}]}}', "application/json")
        content = open(path, "rb").read()
        self.say(200, content, "{MANIFEST}" if "/manifests/" in path else "application/octet-stream")
    do_HEAD = do_GET
    def say(self, code, content, kind):
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Docker-Content-Digest", "sha256:" + hashlib.sha256(content).hexdigest())
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)
    def log_message(self, *words):
        with open("requests.log", "a") as log:
            log.write(self.command + " " + self.path + "\\n")
import socket
class Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6
server = Server(("::", {PORT}), Answer)
print("ready", flush=True)
server.serve_forever()
"""


@dataclass(frozen=True, slots=True)
class Registry:
    """What it serves may change while it serves."""

    address: str
    folder: Path

    def put(self, image: Image, tag: str | None = None) -> str:
        """Have a tag mean this image; returns its full name."""
        top = self.folder / "v2" / image.name
        for kind in ("manifests", "blobs"):
            (top / kind).mkdir(parents=True, exist_ok=True)
        for name, blob in image.blobs.items():
            (top / "blobs" / name).write_bytes(blob)
        for name in (image.digest, tag or image.version):
            fresh = top / "manifests" / f".{name}"
            fresh.write_bytes(image.manifest)
            fresh.rename(top / "manifests" / name)
        return f"{self.address}/{image.name}:{tag or image.version}"

    def requests(self) -> list[str]:
        """What it was asked, a line each."""
        log = self.folder / "requests.log"
        return log.read_text().splitlines() if log.exists() else []


@contextmanager
def serving(lab: Lab, place: str = "server") -> Iterator[Registry]:
    """A registry at a place; machines trust it after `trust`."""
    folder = Path(tempfile.mkdtemp(prefix="registry-"))
    entry = lab.place(place).entry
    # From outside the lab's tree of files, which the folder is part of too.
    argv = [*entry, "env", "-C", str(folder), sys.executable, "-I", "-S", "-c", PROGRAM]
    running = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               env=netns.environment(), start_new_session=True)  # fmt: skip
    try:
        assert running.stdout and running.stdout.readline() == b"ready\n"
        yield Registry(f"{_address(lab, place)}:{PORT}", folder)
    finally:
        # Whoever enters a place leaves a child there.
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
        shutil.rmtree(folder)


def _address(lab: Lab, place: str) -> str:
    said = lab.run(place, "ip", "-json", "-4", "addr", "show", "dev", "eth0").stdout
    return str(json.loads(said)[0]["addr_info"][0]["local"])


def trust(lab: Lab, registry: Registry) -> None:
    """Have every machine pull from it without a certificate, as from a registry at home."""
    text = f'[[registry]]\nlocation = "{registry.address}"\ninsecure = true\n'
    for name in lab.machines:
        script = "mkdir -p /etc/containers/registries.conf.d && cat >/etc/containers/registries.conf.d/lab.conf"
        assert lab.machine(name).run(script, stdin=text.encode()).code == 0
