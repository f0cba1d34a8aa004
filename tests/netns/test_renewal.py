"""Certificates are renewed while requests come: by the entry itself, with the very file of a real host."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import click
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from tests.netns.world import World, world
from warren.cli.glance import glance
from warren.cli.views.status import lines
from warren.topology import folders

pytestmark = [pytest.mark.netns, pytest.mark.slow]

NAME = "cloud.example.org"
# Caddy looks every ten minutes whether something is due; a test has less time.
FILE = """\
version: 1
network: {name: web, domain: example.org, https: {raw: "renew_interval 1s"}}
hosts:
  vps: {public: [203.0.113.10, "2001:db8:10::10"]}
  home: {lan: 192.168.2.0/24, egress: vps}
services:
  cloud: {host: home, ports: {web: 80}, expose: [{https: cloud.example.org}]}
"""
KEPT = folders.kept("web0")
# The folder is that of this machine: each process has files of its own.
AUTHORITY_FILE = f"/tmp/warren-renewal-ca-{os.getpid()}"
END_FILE = f"/tmp/warren-renewal-end-{os.getpid()}"
# A line for each request: `200`, or why not.
LOAD = f"""\
while [ ! -e {END_FILE} ]; do
    curl -sS -o /dev/null -w '%{{http_code}}\\n' --max-time 5 --cacert {AUTHORITY_FILE} \\
        --connect-to ::203.0.113.10: https://{NAME}/ 2>&1
done
rm -f {END_FILE}
"""
SHAKE = f"openssl s_client -connect 203.0.113.10:443 -servername {NAME} </dev/null 2>/dev/null"
SERVED = f"{SHAKE} | openssl x509 -serial -noout"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("renewal"), FILE) as found:
        assert found.verify().holds
        found.said("internet", f"cat > {AUTHORITY_FILE} <<'END'\n{found.lab.path('ca.pem').read_text()}END")
        yield found


def signed(made: World, begins: datetime, ends: datetime) -> tuple[str, str]:
    """A certificate of the lab's authority as somebody got it earlier, and its key."""
    authority = x509.load_pem_x509_certificate(made.lab.path("ca.pem").read_bytes())
    root = load_pem_private_key(made.lab.path("ca.key").read_bytes(), None)
    assert isinstance(root, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    builder = x509.CertificateBuilder().issuer_name(authority.subject).public_key(key.public_key())
    builder = builder.subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)]))
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(begins).not_valid_after(ends)
    names = x509.SubjectAlternativeName([x509.DNSName(NAME)])
    certificate = builder.add_extension(names, critical=False).sign(root, SHA256())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return certificate.public_bytes(Encoding.PEM).decode(), private.decode()


def hand_over(made: World, begins: datetime, ends: datetime) -> None:
    """Give the entry a certificate with which it starts anew."""
    certificate, key = signed(made, begins, ends)
    kept = made.said("vps", f"ls {KEPT}/certificates/*/{NAME}/{NAME}.crt").removesuffix(".crt")
    assert "\n" not in kept
    made.said("vps", "p=$(cat /run/lab/web0/pid); kill $p; while kill -0 $p 2>/dev/null; do sleep 0.05; done")
    made.said("vps", f"cat > {kept}.crt <<'END'\n{certificate}END\ncat > {kept}.key <<'END'\n{key}END")
    made.say(FILE)


def served(made: World) -> str:
    """The number of the certificate that a visitor is shown."""
    return made.said("internet", SERVED)


def until_another(made: World, before: str, limit: float) -> str:
    """Wait for another certificate; its number."""
    end = time.monotonic() + limit
    while (now := served(made)) == before:
        assert time.monotonic() < end, "it is still the old one"
        time.sleep(0.5)
    return now


class Load:
    """Requests one after the other, for the time of a `with`."""

    def __init__(self, made: World) -> None:
        self.made = made
        self.answers: list[str] = []
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        self.answers = self.made.said("internet", LOAD, timeout=120).splitlines()

    def __enter__(self) -> Load:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.made.said("internet", f"touch {END_FILE}")
        self.thread.join()


def test_a_certificate_that_comes_to_its_end_is_renewed_under_load(made: World) -> None:
    now = datetime.now(UTC)
    # Due when a third is left: in some seconds.
    hand_over(made, now - timedelta(seconds=100), now + timedelta(seconds=70))
    [vps] = glance(made.topology, {"vps": made.lab.host("vps")})
    assert [one.names for one in vps.certificates] == [(NAME,)] and vps.certificates[0].due > vps.now, "it is not due"
    before = served(made)
    with Load(made) as load:
        time.sleep(1)
        assert served(made) == before, "what is good is kept"
        after = until_another(made, before, 45)
    assert load.answers and set(load.answers) == {"200"}, load.answers
    [vps] = glance(made.topology, {"vps": made.lab.host("vps")})
    assert vps.certificates[0].ends - vps.now > 3600 and not vps.bare
    assert re.fullmatch("serial=[0-9A-F]+", after)


def test_one_that_is_long_due_is_renewed_at_the_start(made: World) -> None:
    now = datetime.now(UTC)
    hand_over(made, now - timedelta(days=85), now + timedelta(days=5))
    with Load(made) as load:
        end = time.monotonic() + 20
        while True:
            [vps] = glance(made.topology, {"vps": made.lab.host("vps")})
            if not vps.certificates[0].is_late(vps.now):
                break
            assert time.monotonic() < end, "it is still late"
            time.sleep(0.5)
    assert load.answers and set(load.answers) == {"200"}, load.answers


def test_without_its_authority_the_old_one_is_served_and_status_says_that_it_is_late(made: World) -> None:
    mute = "table inet mute { chain c { type filter hook output priority 0; tcp dport 443 drop; }; }"
    made.said("vps", f"ip netns exec web0 nft -f - <<'END'\n{mute}\nEND")
    now = datetime.now(UTC)
    hand_over(made, now - timedelta(days=85), now + timedelta(days=5))
    before = served(made)
    with Load(made) as load:
        time.sleep(3)
    assert load.answers and set(load.answers) == {"200"}, load.answers
    assert served(made) == before
    shown = [click.unstyle(line) for line in lines(glance(made.topology, {"vps": made.lab.host("vps")}))]
    [said] = [line for line in shown if "certificate" in line]
    assert (
        NAME in said and "ends in 4 days, and is not renewed: see the logs of the entry" in said and "due now" in said
    )
