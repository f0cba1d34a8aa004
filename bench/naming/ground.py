"""The lab of names: warren on a gateway and a home, beside the same programs on hosts where everything is by hand.

In: nothing. Out: a lab in which everybody serves the same names and the same page. Never keeps it beyond the calling
program.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from bench.commands import folder
from bench.naming.load import speak
from bench.paths import hand
from bench.paths.ground import Ground, apply, understood
from warren.lab import internet, programs
from warren.lab.build import build

NEAR, FAR = "www.example.org", "far.example.org"
INSIDE = "site.bench-names.internal"
HEAD = """\
version: 1
network: {name: bench-names, domain: example.org}
hosts:
  vps: {public: 203.0.113.10}
  home: {lan: 192.168.2.0/24, egress: vps, gateways: [vps]}
"""
# Nothing of warren's is ever applied to these.
OTHERS = """\
  hand: {public: 203.0.113.11}
  hand-home: {lan: 192.168.3.0/24, egress: hand, gateways: [hand]}
  bare: {public: 203.0.113.12}
  bare-home: {lan: 192.168.4.0/24, egress: bare, gateways: [bare]}
"""
SERVICES = f"""\
services:
  site: {{host: vps, ports: {{web: 80}}, expose: [{{https: {NEAR}, to: web}}]}}
  far: {{host: home, ports: {{web: 80}}, expose: [{{https: {FAR}, at: vps, to: web}}]}}
"""
# The page that everybody serves: as large as a small answer of a program.
NGINX = """\
daemon on; worker_processes 2; pid /run/bench-nginx.pid; error_log /dev/null; user root;
events {{ worker_connections 1024; }}
http {{ access_log off; keepalive_requests 1000000; client_body_temp_path /run/bench-a; proxy_temp_path /run/bench-b;
 fastcgi_temp_path /run/bench-c; uwsgi_temp_path /run/bench-d; scgi_temp_path /run/bench-e;
 server {{ listen {plain}; listen [::]:{plain}; location / {{ default_type text/plain; return 200 "{page}"; }} }}
 {more} }}
"""
PASSING = """
 upstream behind-{port} {{ server {target}; keepalive 64; }}
 server {{ listen {port} ssl http2; ssl_certificate /run/bench.pem; ssl_certificate_key /run/bench.key;
 location / {{ proxy_pass http://behind-{port}; proxy_http_version 1.1; proxy_set_header Connection ""; }} }}"""
CADDY = f"""\
{{
 admin off
 skip_install_trust
 auto_https disable_redirects
 storage file_system /run/bench-caddy
}}
https://{NEAR} {{
 tls /run/bench.pem /run/bench.key
 reverse_proxy 127.0.0.1:8080
}}
https://{FAR} {{
 tls /run/bench.pem /run/bench.key
 reverse_proxy {hand.BARE.home_address}:8080
}}
"""
# As Debian's package has it: one thread, answers proved.
UNBOUND = f"""\
server:
 directory: "/"
 chroot: ""
 username: ""
 pidfile: ""
 use-syslog: no
 do-ip6: no
 interface: ADDRESS
 access-control: 0.0.0.0/0 allow
 module-config: "validator iterator"
 trust-anchor-file: /usr/share/dns/root.key
 local-data: "{INSIDE}. 60 IN A 10.0.0.1"
"""
KEY = (
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=bench"
    f" -addext subjectAltName=DNS:{NEAR},DNS:{FAR} -keyout /run/bench.key -out /run/bench.pem 2>/dev/null"
)
ASKER, RESOLVER = "10.98.0.3", "10.98.0.2"
# What a home needs whose services ask the outside through the tunnel.
EGRESS_HOME = f"""
nft add element inet hand permitted '{{ {ASKER} . {RESOLVER} . udp . 53 }}'
nft add rule inet hand forward ip saddr {hand.HAND.home_prefix} oifname {hand.TUNNEL} accept
ip rule add pref 98 to {hand.HAND.home_prefix} lookup main
ip rule add pref 99 from {hand.HAND.home_prefix} lookup 100
"""
EGRESS_GATEWAY = f"""
nft add element inet hand permitted '{{ 10.99.0.2 . 10.99.0.3 . udp . 53 }}'
nft add rule inet hand forward iifname {hand.TUNNEL} oifname eth0 accept
nft add rule inet hand leaving ip saddr {hand.HAND.home_prefix} oifname eth0 masquerade
"""


@contextmanager
def ground() -> Iterator[Ground]:
    """Built, applied, serving, and gone at the end."""
    with folder() as place:
        ours = understood(place / "warren.yaml", HEAD + SERVICES)
        whole = understood(place / "warren.yaml", HEAD + OTHERS + SERVICES)
    lab = build(whole, f"bench-names-{os.getpid()}", tied=True)
    try:
        made = Ground(lab, ours)
        internet.stand(lab, {name: lab.host(name) for name in whole.hosts}, ours)
        apply(lab, ours)
        if wrong := programs.run({name: lab.host(name) for name in ours.hosts}, ours):
            raise RuntimeError(wrong[0])
        hand.build(made)
        _names(made)
        _pages(made)
        yield made
    finally:
        lab.down()


def _names(made: Ground) -> None:
    """Resolvers by hand: behind rules, behind a bare link, and at the far end of a tunnel."""
    made.sh("hand", EGRESS_GATEWAY)
    made.sh("hand-home", EGRESS_HOME + hand.routed("h-ask", ASKER, hand.HAND.home_address))
    for place, address in (("h-near", "10.99.0.3"), ("b-near", "10.93.0.3"), ("h-far", RESOLVER)):
        file = f"/run/bench-{place}.conf"
        run = _quietly(f"/usr/sbin/unbound -d -c {file}")
        speak(made.lab, place, _written(file, UNBOUND.replace("ADDRESS", address)) + run)


def _pages(made: Ground) -> None:
    """The page behind both gateways; on the bare one Caddy and nginx as anybody has them."""
    page = "x" * 1000
    targets = {8443: "127.0.0.1:8080", 8444: f"{hand.BARE.home_address}:8080"}
    passing = "".join(PASSING.format(port=port, target=target) for port, target in targets.items())
    for place, plain, more in (("site", 80, ""), ("far", 80, ""), ("bare-home", 8080, ""), ("bare", 8080, passing)):
        key = f"{KEY}\n" if more else ""
        text = NGINX.format(plain=plain, page=page, more=more)
        speak(made.lab, place, key + _written("/run/bench-nginx.conf", text) + "nginx -c /run/bench-nginx.conf\n")
    caddy = _quietly("caddy run --adapter caddyfile --config /run/bench.Caddyfile")
    speak(made.lab, "bare", _written("/run/bench.Caddyfile", CADDY) + caddy)
    for name in (NEAR, FAR):
        visit = f"curl -sk -o /dev/null -f --connect-to ::{{}}: https://{name}/"
        for address in ("203.0.113.10", hand.BARE.public):
            again = f"for i in $(seq 60); do {visit.format(address)} && exit 0; sleep 0.5; done; exit 1"
            speak(made.lab, "internet", again)


def _written(path: str, text: str) -> str:
    return f"cat > {path} <<'END'\n{text}END\n"


def _quietly(command: str) -> str:
    return f"setsid {command} >/dev/null 2>&1 &\n"
