"""authority: a certificate authority that lives as long as its lab."""

from __future__ import annotations

from cryptography import x509

from warren.lab.authority import AUTHORITY_FILES, certificates


class Files:
    """A lab as far as its files go."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    def read(self, name: str) -> bytes | None:
        """One of them."""
        return self.held.get(name)

    def write(self, name: str, content: bytes) -> None:
        """Keep one."""
        self.held[name] = content


def test_it_is_made_once() -> None:
    lab = Files()
    assert not certificates(lab, [])  # type: ignore[arg-type]
    before = dict(lab.held)
    assert set(before) == {"ca.pem", "ca.key"}
    certificates(lab, [])  # type: ignore[arg-type]
    assert lab.held == before


def test_name_servers_over_tls_prove_their_names() -> None:
    lab = Files()
    assert certificates(lab, ["b.example", "a.example", "b.example"])  # type: ignore[arg-type]
    served, root = (x509.load_pem_x509_certificate(lab.held[name]) for name in ("dns.pem", "ca.pem"))
    served.verify_directly_issued_by(root)
    names = served.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["a.example", "b.example"]


def test_the_machine_beneath_never_trusts_it() -> None:
    assert "skip_install_trust" in AUTHORITY_FILES
