"""The lab's certificate authority: its key, its certificate, and what Caddy needs to speak ACME for it.

In: a running lab. Out: files among the lab's own. Never a key that leaves the lab, nor one that outlives it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from warren.lab.lab import Lab

# The directory is where that of Let's Encrypt is; everything else is where the directory says.
AUTHORITY_FILES = """\
{{
  admin off
  storage file_system {files}/caddy
  auto_https disable_redirects
  skip_install_trust
  pki {{
    ca local {{
      name "warren lab"
      root {{
        cert {files}/ca.pem
        key {files}/ca.key
      }}
    }}
  }}
}}
https://{name} {{
  bind {address} {other}
  tls internal
  rewrite /directory /acme/local/directory
  acme_server
}}
"""
YEAR = timedelta(days=365)
ANY_TIME = datetime(2020, 1, 1, tzinfo=UTC)


def certificates(lab: Lab, names: Iterable[str]) -> bool:
    """Make the authority once, and a certificate for name servers of these names; returns whether there is one."""
    if lab.read("ca.pem") is None:
        _make(lab, sorted(set(names)))
    return lab.read("dns.pem") is not None


def _make(lab: Lab, names: list[str]) -> None:
    # Imported here: it takes a tenth of a second, and most commands never make a certificate.
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    root, served = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "warren lab")])
    start, end = ANY_TIME, datetime.now(UTC) + YEAR

    def signed(key: ec.EllipticCurvePrivateKey, subject: x509.Name, extension: x509.ExtensionType) -> bytes:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(end)
        made = builder.add_extension(extension, critical=True).sign(root, SHA256())
        return made.public_bytes(Encoding.PEM)

    def private(key: ec.EllipticCurvePrivateKey) -> bytes:
        return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())

    lab.write("ca.key", private(root))
    if names:
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
        lab.write("dns.key", private(served))
        lab.write("dns.pem", signed(served, subject, x509.SubjectAlternativeName([x509.DNSName(n) for n in names])))
    lab.write("ca.pem", signed(root, issuer, x509.BasicConstraints(ca=True, path_length=None)))
