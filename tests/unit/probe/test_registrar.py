"""registrar: names as this machine is told."""

from __future__ import annotations

import socket
import struct
import threading
from ipaddress import ip_address

import pytest

from warren.probe.registrar import addresses, authorisations, identities
from warren.topology.caa import Caa


def test_all_names_and_none_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    def told(name: str, port: object, type: int) -> list[tuple[object, ...]]:
        if name == "nobody.example":
            raise socket.gaierror(-2, "unknown")
        return [(2, 1, 6, "", (text, 0)) for text in ("2001:db8::1", "192.0.2.1", "192.0.2.1")]

    monkeypatch.setattr(socket, "getaddrinfo", told)
    both = (ip_address("192.0.2.1"), ip_address("2001:db8::1"))
    assert addresses(["a.example", "*.b.example", "nobody.example", "a.example"]) == {
        "a.example": both, "*.b.example": both, "nobody.example": (),
    }  # fmt: skip


class Server:
    """A name server of this machine that knows CAA records, and cuts what is long until it is asked over TCP."""

    def __init__(self, known: dict[str, list[bytes]], code: int = 0) -> None:
        self.known, self.code, self.asked = known, code, list[str]()
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.tcp = socket.create_server(self.udp.getsockname())
        self.threads = [threading.Thread(target=each, daemon=True) for each in (self.packets, self.streams)]

    def __enter__(self) -> tuple[str, int]:
        for each in self.threads:
            each.start()
        address: tuple[str, int] = self.udp.getsockname()
        return address

    def __exit__(self, *_: object) -> None:
        self.udp.sendto(b"", self.udp.getsockname())
        socket.create_connection(self.tcp.getsockname()).close()
        for each in self.threads:
            each.join()
        self.udp.close()
        self.tcp.close()

    def packets(self) -> None:
        while (said := self.udp.recvfrom(4096))[0]:
            self.udp.sendto(self.answer(said[0], cut=True), said[1])

    def streams(self) -> None:
        while True:
            caller, _ = self.tcp.accept()
            with caller:
                if not (asked := caller.recv(4096)):
                    return
                answer = self.answer(asked[2:], cut=False)
                caller.sendall(struct.pack("!H", len(answer)) + answer)

    def answer(self, message: bytes, cut: bool) -> bytes:
        labels, at = [], 12
        while length := message[at]:
            labels.append(message[at + 1 : at + 1 + length].decode())
            at += 1 + length
        self.asked.append(name := ".".join(labels))
        held = self.known.get(name, [])
        short = cut and sum(map(len, held)) > 100
        body = b"".join(b"\xc0\x0c\1\1\0\1\0\0\0\0" + struct.pack("!H", len(one)) + one for one in held)
        flags = 0x8180 | self.code | (0x0200 if short else 0)
        head = message[:2] + struct.pack("!5H", flags, 1, 0 if short else len(held), 0, 0)
        return head + message[12 : at + 5] + (b"" if short else body)


def test_the_records_of_the_first_domain_that_has_any_count() -> None:
    long = b"\0\5issue" + b"x" * 200
    server = Server({"example.org": [b"\0\5issueca.example", b"\x80\5iodefmailto:x"], "b.example": [long, b"\0"]})
    with server as address:
        found = authorisations(["deep.www.example.org", "*.b.example", "c.example"], [address])
    assert found["deep.www.example.org"] == (Caa(0, "issue", "ca.example"), Caa(128, "iodef", "mailto:x"))
    assert found["*.b.example"] == (Caa(0, "issue", "x" * 200),)
    assert found["c.example"] == ()
    assert "org" not in server.asked and server.asked.count("b.example") == 2


def test_a_server_that_fails_is_no_answer() -> None:
    with Server({}, code=2) as address:
        assert authorisations(["a.example"], [address]) == {"a.example": None}


def test_an_authority_without_a_directory_has_no_names() -> None:
    assert identities("https://127.0.0.1:1/directory") == ()
