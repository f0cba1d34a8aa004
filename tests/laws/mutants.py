"""Wrong files made from good ones: lines lost, words swapped, values of another kind, odd characters.

One seed makes one file, for ever, so that a failure can be repeated.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.spec_texts import BASE

DENSE = """\
version: 1
network: {name: dense, domain: example.org, ipv4: 10.64.0.0/16, ipv6: "fd42:42:42::/48"}
hosts:
  vps: {ssh: root@203.0.113.10, public: [203.0.113.10, "2001:db8:10::10"], tunnel: {port: 4500, mtu: 1400}}
  two:
    public: 203.0.113.20
    firewall: {ssh: {port: 2222, limit: 3/20s, from: 198.51.100.0/24}, allow: [80/tcp, 443]}
    gateways: [vps]
  home:
    ssh: admin@home.lan:2200
    lan: {family: 192.168.2.0/24, things: [192.168.3.0/24, "fd99:1::/64"]}
    site: attic
    egress: vps
    programs: {mysql: 3306, dns: 53/tcp+udp}
    firewall: true
    acknowledge: {no-firewall: it has one}
groups: {apps: [cloud, game], all: [apps, db]}
defaults: {service: {egress: none}, host: {gateways: [vps, two]}, container: {init: true, restart: always}}
services:
  cloud:
    host: home
    description: files of the family
    egress: direct
    containers:
      app: {image: "cloud:31", volumes: ["a:/b:ro", {type: bind, source: /c, target: /d}], depends_on: [cache]}
      cache: {image: "redis:7", healthcheck: {test: [CMD, ping], interval: 30s, retries: 3}, ulimits: {nofile: 65536}}
    ports: {web: 80, rtp: 7000-7010/udp}
    needs: [db.sql, {to: home.mysql, localhost: 3306}, "*.play", apps, home.lan.things]
    expose: [{https: [a.example.org, b.example.org], to: web, at: vps}, {port: 7000-7010/udp, to: rtp, at: [vps, two]}]
  db: {host: home, image: "postgres:17", environment: {A: "1", B: 2}, ports: {sql: 5432}, cpus: 1.5, memory: 512m}
  game:
    host: vps
    image: "game:1"
    command: [run, "--fast"]
    labels: ["a=b"]
    ports: {play: 12345/udp, query: 12346}
    needs: {to: [192.0.2.0/24, "2001:db8:1::/48"], except: 192.0.2.7, ports: [443/tcp, 53/tcp+udp]}
    expose:
      - {port: 12345/udp, to: play, from: {cidr: 198.51.0.0/16, except: [198.51.7.0/24]}}
      - {port: 12346/tcp, limit: 20/second, client_address: hide}
      - {port: 8080, to: query, at: home, client_address: hide}
    quadlet: [AutoUpdate=registry]
expect:
  - internet -> game.play: open
  - lan:home, lan:home/things -> cloud.web, home.dns: closed
  - "apps -> home:22/tcp": closed
acknowledge: {egress-shows-home: known}
"""
EXAMPLES = tuple(path.read_text() for path in sorted((Path(__file__).parents[2] / "examples").glob("*/warren.yaml")))
# The long ones are slow to read, and no wronger.
BASES = (DENSE, BASE, DENSE, BASE, *EXAMPLES)

ODD = [
    "",
    "~",
    "null",
    "true",
    "no",
    "-1",
    "0",
    "017",
    "22:22",
    "1e99",
    ".nan",
    "9" * 40,
    "9" * 400,
    "[]",
    "{}",
    "[[[]]]",
    "{a: {b: {c: []}}}",
    "[" * 60 + "]" * 60,
    "'*'",
    "*anchor",
    "&anchor x",
    "!!python/object:os.system x",
    "<<",
    "2024-01-01",
    "0.0.0.0/0",
    "'::/0'",
    "255.255.255.255/32",
    "10.64.0.0/16",
    "127.0.0.1",
    "'::ffff:10.0.0.1'",
    "fe80::1%eth0",
    "65535",
    "65536/udp",
    "1-65535/tcp+udp",
    "home",
    "vps",
    "cloud",
    "apps",
    "internet",
    "lan",
    "none",
    "home.lan",
    "cloud.web",
    "x" * 5000,
    '"\\x00"',
    '"\\u202e"',
    '"a\\nb"',
    "'{sentence}'",
    "'%s %n {0}'",
    "\U0001f430",
    "é",
    "\t",
    "\x00",
    "\u202e",
    "#",
    ":",
    "- -",
    "|",
    ">-",
]


def mutant(seed: int) -> str:
    """The wrong file of a seed."""
    random = Random(seed)
    text = random.choice(BASES)
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        text = random.choice(CHANGES)(text, random)
    return text


def _drop_line(text: str, random: Random) -> str:
    lines = text.splitlines(True) or [""]
    del lines[random.randrange(len(lines))]
    return "".join(lines)


def _repeat_line(text: str, random: Random) -> str:
    lines = text.splitlines(True) or [""]
    lines.insert(random.randrange(len(lines)), random.choice(lines))
    return "".join(lines)


def _swap_lines(text: str, random: Random) -> str:
    lines = text.splitlines(True) or [""]
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "".join(lines)


def _shift_line(text: str, random: Random) -> str:
    lines = text.splitlines(True) or [""]
    at = random.randrange(len(lines))
    lines[at] = random.choice(
        (" " + lines[at], "    " + lines[at], lines[at].lstrip(), lines[at][1:], "\t" + lines[at])
    )
    return "".join(lines)


def _cut(text: str, random: Random) -> str:
    at = random.randrange(len(text) + 1)
    return random.choice((text[:at], text[at:], text[:at] + text[at + random.randrange(40) :]))


def _insert(text: str, random: Random) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(ODD) + text[at:]


def _value(text: str, random: Random) -> str:
    """Another value where one begins: behind a colon, a comma, a bracket or a dash."""
    starts = [
        at for at, letter in enumerate(text) if letter in " [{" and text[at - 1 : at] in (":", ",", "-", " ", "[")
    ]
    if not starts:
        return text
    start = random.choice(starts) + 1
    end = start
    while end < len(text) and text[end] not in ",]}\n":
        end += 1
    return text[:start] + random.choice(ODD) + text[end:]


def _word(text: str, random: Random) -> str:
    """One word of the file in the place of another."""
    words = text.split()
    if not words:
        return text
    one, other = random.choice(words), random.choice(words)
    return text.replace(one, other, random.choice((1, -1)))


def _letter(text: str, random: Random) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice("aZ0_-./:,'\"[]{}#&*!|>%@` \n\t\u00a0") + text[at + random.randrange(2) :]


CHANGES: tuple[Callable[[str, Random], str], ...] = (
    _drop_line,
    _repeat_line,
    _swap_lines,
    _shift_line,
    _cut,
    _insert,
    _value,
    _value,
    _value,
    _word,
    _word,
    _letter,
    _letter,
)
