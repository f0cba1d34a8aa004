"""The values of secrets, read on the operator's machine at the last moment.

In: a topology and the folder of the user's file. Out: the topology with a keyed digest of each value, and the values by
host. Never prints, writes or remembers a value, and never says one in an error.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from warren.basis.diagnostic import Diagnostic, Refused, error
from warren.desired.items.secret import value_name
from warren.formats import dotenv
from warren.topology.model import Service, Topology
from warren.topology.workload import PlainUnit, SecretKind, SecretRef

# The most that Podman takes as a secret, in bytes.
LARGEST = 512_000
# Somebody may have to touch a key or type a passphrase for a command.
PATIENCE = 120
# Guessing a short password from a stolen digest costs ten milliseconds each (scrypt, RFC 7914).
COST, BLOCK = 1 << 12, 8
IDENTITIES = ("WARREN_AGE_IDENTITY", "SOPS_AGE_KEY_FILE")


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A topology that knows the digests of its secrets; `values` by host and by the name that its item has for them."""

    topology: Topology
    values: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict, repr=False)


class _Missing(Exception):
    """Why a value cannot be had; the sentence goes on behind `the secret x`."""

    def __init__(self, sentence: str, hint: str | None = None) -> None:
        super().__init__(sentence)
        self.hint = hint


def unlock(topology: Topology, folder: Path) -> Unlocked:
    """Every secret that something runs with, read once; raises `Refused` with all that cannot be read."""
    values: dict[str, dict[str, bytes]] = {}
    services, problems = dict(topology.services), list[Diagnostic]()
    read: dict[SecretRef, bytes] = {}
    for name, service in topology.services.items():
        if service.workload is None or not service.workload.secrets:
            continue
        known = []
        for secret in service.workload.secrets:
            try:
                value = read[secret] = read.get(secret) or value_of(secret, folder)
                value = delivered(secret, value, service.workload.unit)
            except _Missing as missing:
                problems.append(_problem(secret, missing))
                continue
            values.setdefault(service.host, {})[value_name(service.uid, secret.name)] = value
            known.append(replace(secret, digest=digest(topology.name, name, secret.name, value)))
        services[name] = _with_secrets(service, known)
    if problems:
        raise Refused(dict.fromkeys(problems))
    return Unlocked(replace(topology, services=services), values)


def digest(network: str, service: str, name: str, value: bytes) -> str:
    """Whether a value is another one, and nothing else: equal secrets of two services do not look equal."""
    key = hashlib.sha256("\0".join(("warren secret", network, service, name)).encode()).digest()
    return hashlib.scrypt(value, salt=key, n=COST, r=BLOCK, p=1, dklen=16).hex()


def value_of(secret: SecretRef, folder: Path) -> bytes:
    """The value of one secret, as it is found."""
    return _present(READERS[secret.kind](secret, folder))


def delivered(secret: SecretRef, value: bytes, unit: PlainUnit | None) -> bytes:
    """What the host gets: a value as it is, or variables as Podman or a plain unit of systemd reads them."""
    if secret.kind is not SecretKind.DOTENV and secret.variable is None:
        return value
    try:
        text = value.decode()
        pairs = dotenv.read(text) if secret.kind is SecretKind.DOTENV else {str(secret.variable): text}
        if unit is None:
            return _present(dotenv.write(pairs.items()).encode())
        # For Podman, what stands in the file wins; for systemd it would be the other way round.
        given = {name for name, _ in unit.environment}
        left = dotenv.write_quoted((name, each) for name, each in pairs.items() if name not in given)
        return left.encode() or b"\n"
    except UnicodeDecodeError:
        raise _Missing("is not UTF-8") from None
    except ValueError as found:
        raise _Missing(f"cannot be delivered: {found}") from None


def _present(value: bytes) -> bytes:
    if not value:
        raise _Missing("is empty")
    if len(value) > LARGEST:
        raise _Missing(f"is larger than {LARGEST // 1000} kB, the most that Podman keeps")
    return value


def _with_secrets(service: Service, known: list[SecretRef]) -> Service:
    assert service.workload is not None
    return replace(service, workload=replace(service.workload, secrets=tuple(known)))


def _problem(secret: SecretRef, missing: _Missing) -> Diagnostic:
    what = f"the file `{secret.reference[0]}`" if secret.kind is SecretKind.DOTENV else f"the secret `{secret.name}`"
    return error("no-secret", f"{what} {missing}", secret.place, missing.hint)


# ── the ways to a value ───────────────────────────────────────────────────────────────────────────────────────────────


def _from_file(secret: SecretRef, folder: Path) -> bytes:
    path = folder / Path(secret.reference[0]).expanduser()
    try:
        if not path.is_file():
            raise _Missing(f"is not there: {path} is no file")
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as found:
        raise _Missing(f"cannot be read from {path}: {(found.strerror or 'no reason').lower()}") from None


def _from_environment(secret: SecretRef, folder: Path) -> bytes:
    name = secret.reference[0]
    if name not in os.environ:
        raise _Missing(f"is not there: the variable {name} is not set", f"run `{name}=... warren ...`, or export it")
    return os.environ[name].encode(errors="surrogateescape")


def _from_command(secret: SecretRef, folder: Path) -> bytes:
    """What a command prints, without its last line feed; what it says about itself goes to the terminal."""
    program = secret.reference[0]
    try:
        done = subprocess.run(secret.reference, cwd=folder, stdout=subprocess.PIPE, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise _Missing(f"does not come: `{program}` took more than {PATIENCE} seconds") from None
    except OSError as found:
        raise _Missing(f"does not come: `{program}` cannot be run: {(found.strerror or 'no reason').lower()}") from None
    if done.returncode:
        raise _Missing(f"does not come: `{program}` ended with {done.returncode}")
    return done.stdout.removesuffix(b"\n")


def _from_age(secret: SecretRef, folder: Path) -> bytes:
    try:
        import pyrage
    except ImportError:
        raise _Missing("is encrypted with age", "install what reads it: `pip install 'warren[age]'`") from None
    encrypted = _from_file(secret, folder)
    keys = _identities()
    try:
        return bytes(pyrage.decrypt(encrypted, [pyrage.x25519.Identity.from_str(key) for key in keys]))
    except pyrage.IdentityError:
        raise _Missing("cannot be decrypted: a line of your age identities is not one") from None
    except pyrage.DecryptError:
        raise _Missing("cannot be decrypted with any of your age identities") from None


def _identities() -> list[str]:
    """The keys of the operator, from the first file of them that is named or there."""
    named = [os.environ[name] for name in IDENTITIES if name in os.environ]
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    for path in (*map(Path, named), settings / "warren" / "age.txt", settings / "sops" / "age" / "keys.txt"):
        if path.is_file():
            lines = (line.strip() for line in path.read_text().splitlines())
            return [line for line in lines if line.startswith("AGE-SECRET-KEY-")]
    raise _Missing("is encrypted, and you have no age identity", f"set {IDENTITIES[0]} to the file that holds it")


READERS: Mapping[SecretKind, Callable[[SecretRef, Path], bytes]] = {
    SecretKind.FILE: _from_file,
    SecretKind.ENV: _from_environment,
    SecretKind.COMMAND: _from_command,
    SecretKind.DOTENV: _from_file,
    SecretKind.AGE: _from_age,
}
