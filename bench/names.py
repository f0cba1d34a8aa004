"""Names inside and HTTPS outside, beside the same programs without us, and nginx.

In: one lab, with a gateway of ours and a bare one beside it. Out: questions and requests a second, and their times, as
ratios. Leaves no lab behind.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from statistics import quantiles

from bench import quiet
from bench.commands import folder
from bench.paths.ground import apply, understood
from bench.result import Goal, Result, Row, versus
from warren.lab import allowed, internet, programs
from warren.lab.build import build
from warren.lab.lab import Lab
from warren.topology.model import Topology

ORDER = 70
NEEDED = ("unbound", "caddy", "nginx", "dnsperf", "h2load", "openssl")
OURS, BARE = "203.0.113.10", "203.0.113.12"
FILE = """\
version: 1
network: {name: bench-names, domain: example.org}
hosts:
  vps: {public: 203.0.113.10}
"""
OTHER = "  bare: {public: 203.0.113.12}\n"
SERVICES = """\
services:
  site: {host: vps, ports: {web: 80}, expose: [{https: www.example.org, to: web}]}
"""
# The page that everybody serves: as large as a small answer of a program.
NGINX = """\
daemon on; worker_processes 2; pid /run/bench-nginx.pid; error_log /dev/null; user root;
events {{ worker_connections 1024; }}
http {{ access_log off; keepalive_requests 1000000; client_body_temp_path /run/bench-a; proxy_temp_path /run/bench-b;
 fastcgi_temp_path /run/bench-c; uwsgi_temp_path /run/bench-d; scgi_temp_path /run/bench-e;
 upstream behind {{ server 127.0.0.1:8080; keepalive 64; }}
 server {{ listen {plain}; listen [::]:{plain}; location / {{ default_type text/plain; return 200 "{page}"; }} }}
 {tls} }}
"""
TLS = """server { listen 8443 ssl http2; ssl_certificate /run/bench.pem; ssl_certificate_key /run/bench.key;
 location / { proxy_pass http://behind; proxy_http_version 1.1; proxy_set_header Connection ""; } }"""
CADDY = """\
{
 admin off
 skip_install_trust
 auto_https disable_redirects
 storage file_system /run/bench-caddy
}
https://www.example.org {
 tls /run/bench.pem /run/bench.key
 reverse_proxy 127.0.0.1:8080
}
"""
UNBOUND = """\
server:
 directory: "/"
 chroot: ""
 username: ""
 pidfile: ""
 interface: 127.0.0.1
 port: 5300
 local-data: "site.bench-names.internal. 60 IN A 10.0.0.1"
"""
KEY = (
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=www.example.org"
    " -keyout /run/bench.key -out /run/bench.pem 2>/dev/null"
)
REQUESTS = 6000
EQUAL, NEAR = Goal("at least", 0.9), Goal("at most", 1.15)


@dataclass(frozen=True, slots=True)
class Load:
    """What a burst found: so many a second, and the milliseconds of the median and of the slowest hundredth."""

    rate: float
    median: float = 0.0
    slow: float = 0.0


Measure = Callable[[], Load]


def run(quick: bool) -> Result:
    """Questions, then requests over both versions of HTTP, in interleaved rounds."""
    if reason := allowed.why_not():
        return Result("names", (), (f"no lab can be built: {reason}",))
    if missing := [tool for tool in NEEDED if not shutil.which(tool, path=f"{os.environ['PATH']}:/usr/sbin")]:
        return Result("names", (), (f"not installed: {', '.join(missing)}",))
    with _ground() as (lab, topology):
        return Result("names", tuple(_rows(lab, topology, 3 if quick else 9)))


@contextmanager
def _ground() -> Iterator[tuple[Lab, Topology]]:
    with folder() as place:
        ours = understood(place / "warren.yaml", FILE + SERVICES)
        whole = understood(place / "warren.yaml", FILE + OTHER + SERVICES)
    lab = build(whole, f"bench-names-{os.getpid()}", tied=True)
    try:
        hosts = {"vps": lab.host("vps")}
        internet.stand(lab, hosts, ours)
        apply(lab, ours)
        if wrong := programs.run(hosts, ours):
            raise RuntimeError(wrong[0])
        _serve(lab)
        yield lab, ours
    finally:
        lab.down()


def _serve(lab: Lab) -> None:
    """The page behind both gateways; on the bare one Caddy, nginx and unbound as anybody has them."""
    page = "x" * 1000
    _sh(lab, "site", _written("/run/bench-nginx.conf", NGINX.format(plain=80, page=page, tls="")) + START)
    _sh(lab, "bare", KEY)
    _sh(lab, "bare", _written("/run/bench-nginx.conf", NGINX.format(plain=8080, page=page, tls=TLS)) + START)
    caddy = _quietly("caddy run --adapter caddyfile --config /run/bench.Caddyfile")
    _sh(lab, "bare", _written("/run/bench.Caddyfile", CADDY) + caddy)
    unbound = _quietly("/usr/sbin/unbound -d -c /run/bench-unbound.conf")
    _sh(lab, "bare", _written("/run/bench-unbound.conf", UNBOUND) + unbound)
    visit = "curl -sk -o /dev/null -f --connect-to ::{}: https://www.example.org/"
    for address in (OURS, BARE):
        _sh(lab, "internet", f"for i in $(seq 60); do {visit.format(address)} && exit 0; sleep 0.5; done; exit 1")


START = "nginx -c /run/bench-nginx.conf 2>/dev/null\n"


def _written(path: str, text: str) -> str:
    return f"cat > {path} <<'END'\n{text}END\n"


def _quietly(command: str) -> str:
    return f"setsid {command} >/dev/null 2>&1 &\n"


def _sh(lab: Lab, place: str, script: str) -> str:
    done = lab.run(place, "sh", "-c", script, timeout=120)
    if done.code:
        raise RuntimeError(f"{place}: {done.stderr.decode(errors='replace').strip() or done.code}")
    return done.stdout.decode(errors="replace")


def _rows(lab: Lab, topology: Topology, rounds: int) -> Iterator[Row]:
    resolver = topology.services["site"].resolver or ""
    own = str(topology.services[resolver].addresses.v4)
    resolvers: dict[str, Measure] = {
        "ours": partial(_asked, lab, "site", own, 53),
        "plain": partial(_asked, lab, "bare", "127.0.0.1", 5300),
    }
    yield _row("a name inside: questions", "plain unbound on loopback", _rounds(resolvers, rounds), "plain", "rate")
    for words, option in (("HTTP/2", ""), ("HTTP/1.1", "--h1")):
        entries: dict[str, Measure] = {
            "ours": partial(_visited, lab, OURS, 443, option),
            "caddy": partial(_visited, lab, BARE, 443, option),
            "nginx": partial(_visited, lab, BARE, 8443, option),
        }
        visited = _rounds(entries, rounds)
        for rival, name in (("caddy", "the same Caddy on the host itself"), ("nginx", "nginx on the host itself")):
            yield _row(f"{words} through the gateway: requests", name, visited, rival, "rate")
            yield _row(f"{words} through the gateway: median", name, visited, rival, "median")
            yield _row(f"{words} through the gateway: 99 of 100 within", name, visited, rival, "slow")


def _row(work: str, name: str, found: Mapping[str, list[Load]], rival: str, what: str) -> Row:
    ours, theirs = ([getattr(one, what) for one in found[key]] for key in ("ours", rival))
    goal = None if rival == "nginx" else EQUAL if what == "rate" else NEAR
    return versus(work, name, ours, theirs, "/s" if what == "rate" else "ms", goal)


def _rounds(ways: Mapping[str, Measure], rounds: int) -> dict[str, list[Load]]:
    found: dict[str, list[Load]] = {name: [] for name in ways}
    for number in range(rounds):
        for name in list(ways) if number % 2 == 0 else list(ways)[::-1]:
            quiet.wait()
            found[name].append(ways[name]())
    return found


def _asked(lab: Lab, place: str, server: str, port: int) -> Load:
    question = "echo 'site.bench-names.internal A' > /tmp/bench-q"
    said = _sh(lab, place, f"{question}; dnsperf -s {server} -p {port} -d /tmp/bench-q -l 2 -c 4")
    found = re.search(r"Queries per second:\s+([0-9.]+)", said)
    lost = re.search(r"Queries lost:\s+([0-9]+)", said)
    if not found or not lost or int(lost[1]) > 100:
        raise RuntimeError(f"{place}: too few answers: {said[-300:]}")
    return Load(float(found[1]))


def _visited(lab: Lab, address: str, port: int, option: str) -> Load:
    log = f"/tmp/bench-{os.getpid()}"
    to = f"--connect-to={address}:{port}"
    words = f"h2load {option} -n {REQUESTS} -c 16 -m 1 {to} --log-file={log} https://www.example.org/"
    said = _sh(lab, "internet", f"rm -f {log}; {words}; echo; cut -f3 {log}; rm -f {log}")
    # The last column of the log: the microseconds of one request.
    times = [int(line) / 1000 for line in said.splitlines() if line.isdigit()]
    return _load(said, times)


def _load(said: str, times: list[float]) -> Load:
    found = re.search(r"finished in [^,]+, ([0-9.]+) req/s", said)
    if not found or f"{REQUESTS} succeeded" not in said:
        raise RuntimeError(f"not all requests succeeded: {said[-300:]}")
    cuts = quantiles(times, n=100) if times else [0.0] * 99
    return Load(float(found[1]), cuts[49], cuts[98])
