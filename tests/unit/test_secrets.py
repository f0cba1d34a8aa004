"""secrets: values from where they are kept, digests that tell nothing, and no value where one could be read."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.topologies import DIRECT, pair, service, two_hosts
from warren.basis.diagnostic import Refused
from warren.secrets import LARGEST, Unlocked, digest, unlock
from warren.topology.model import Topology
from warren.topology.workload import PlainUnit, SecretKind, SecretRef, Workload

VALUE = b"hunter2 is the value"


def holding(*secrets: SecretRef) -> Topology:
    """A network where `cloud` runs with these secrets."""
    topology = two_hosts()
    cloud = replace(topology.services["cloud"], uid=6001, workload=Workload(secrets=secrets))
    return replace(topology, services={**topology.services, "cloud": cloud})


def value(folder: Path, kind: SecretKind, *reference: str) -> bytes:
    """What one secret is read as."""
    return unlock(holding(SecretRef("pw", kind, reference)), folder).values["home"]["6001.pw"]


def refused(folder: Path, kind: SecretKind, *reference: str) -> str:
    """Why it cannot be read; the value is never told."""
    with pytest.raises(Refused) as raised:
        value(folder, kind, *reference)
    (one,) = raised.value.diagnostics
    assert VALUE.decode() not in f"{raised.value}{one}"
    return f"{one.summary} ({one.hint})" if one.hint else one.summary


def test_a_file_is_taken_to_the_letter(tmp_path: Path) -> None:
    (tmp_path / "pw.txt").write_bytes(VALUE + b"\n")
    assert value(tmp_path, SecretKind.FILE, "pw.txt") == VALUE + b"\n"


def test_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PW", VALUE.decode())
    assert value(tmp_path, SecretKind.ENV, "PW") == VALUE


def test_a_command_runs_without_a_shell_and_loses_its_last_line_feed(tmp_path: Path) -> None:
    assert value(tmp_path, SecretKind.COMMAND, "printf", "%s\n\n", "$HOME; x") == b"$HOME; x\n"


def test_a_file_of_variables_is_delivered_in_the_form_that_podman_reads(tmp_path: Path) -> None:
    (tmp_path / "a.env").write_text("export A='b c' # d\nB=2\n")
    assert value(tmp_path, SecretKind.DOTENV, "a.env") == b"A=b c\nB=2\n"


def test_a_plain_unit_gets_variables_as_systemd_reads_them(tmp_path: Path) -> None:
    (tmp_path / "a.env").write_text("A=1\nB='two\nlines \"$x`'\n")
    (tmp_path / "pw").write_bytes(b"a\\b\n")
    refs = (SecretRef("t.env0", SecretKind.DOTENV, ("a.env",)), SecretRef("t.env.K", SecretKind.FILE, ("pw",)))
    unit = PlainUnit("t", ("x",), (("A", "of the file"),))
    topology = holding(refs[0], replace(refs[1], variable="K"), replace(refs[1], name="pw"))
    cloud = topology.services["cloud"]
    assert cloud.workload is not None
    cloud = replace(cloud, workload=replace(cloud.workload, unit=unit))
    values = unlock(replace(topology, services={"cloud": cloud}), tmp_path).values["home"]
    assert values["6001.t.env0"] == b'B="two\nlines \\"\\$x\\`"\n'
    assert values["6001.t.env.K"] == b'K="a\\\\b\n"\n'
    assert values["6001.pw"] == b"a\\b\n"


@pytest.mark.parametrize(
    ("kind", "reference", "why"),
    [
        (SecretKind.FILE, ["gone.txt"], "is not there"),
        (SecretKind.FILE, ["/dev/zero"], "is no file"),
        (SecretKind.FILE, ["empty"], "is empty"),
        (SecretKind.FILE, ["large"], "is larger than"),
        (SecretKind.ENV, ["NO_SUCH_VARIABLE"], "NO_SUCH_VARIABLE is not set"),
        (SecretKind.COMMAND, ["/no/such/program", "x"], "cannot be run"),
        (SecretKind.COMMAND, ["false"], "ended with 1"),
        (SecretKind.DOTENV, ["bad.env"], "line 2 is not `NAME=value`"),
        (SecretKind.DOTENV, ["lines.env"], "several lines"),
        (SecretKind.DOTENV, ["large"], "is larger than"),
        (SecretKind.DOTENV, ["strange"], "is not UTF-8"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(
    tmp_path: Path, kind: SecretKind, reference: list[str], why: str
) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "large").write_bytes(b"\xff" * (LARGEST + 1))
    (tmp_path / "strange").write_bytes(b"A=\xff")
    (tmp_path / "bad.env").write_bytes(b"A=1\n" + VALUE + b"\n")
    (tmp_path / "lines.env").write_bytes(b"A='" + VALUE + b"\nx'\n")
    assert why in refused(tmp_path, kind, *reference)


def test_all_that_is_missing_is_told_at_once(tmp_path: Path) -> None:
    topology = holding(*(SecretRef(name, SecretKind.FILE, (name,)) for name in ("a", "b")))
    with pytest.raises(Refused) as raised:
        unlock(topology, tmp_path)
    assert len(raised.value.diagnostics) == 2


def test_a_digest_tells_a_change_and_nothing_else() -> None:
    one = digest("net", "cloud", "pw", VALUE)
    assert one == digest("net", "cloud", "pw", VALUE)
    others = {
        digest("net", "cloud", "pw", b"other"),
        digest("net", "cloud", "other", VALUE),
        digest("net", "other", "pw", VALUE),
        digest("other", "cloud", "pw", VALUE),
    }
    assert len(others | {one}) == 5
    assert len(one) == 32


def test_the_topology_knows_digests_and_no_value(tmp_path: Path) -> None:
    (tmp_path / "pw").write_bytes(VALUE)
    unlocked = unlock(holding(SecretRef("pw", SecretKind.FILE, ("pw",))), tmp_path)
    workload = unlocked.topology.services["cloud"].workload
    assert workload is not None
    assert workload.secrets[0].digest == digest("two-hosts", "cloud", "pw", VALUE)
    assert VALUE.decode() not in repr(unlocked)


def test_without_secrets_nothing_is_read(tmp_path: Path) -> None:
    topology = replace(two_hosts(), services={"x": service("x", "home", pair(1, 2), DIRECT)})
    assert unlock(topology, tmp_path / "gone") == Unlocked(topology)


class _NotOne(Exception):
    pass


def fake_age(keys: list[str]) -> SimpleNamespace:
    """A pyrage that decrypts what `KEY` encrypted, by turning it round."""

    def decrypt(encrypted: bytes, identities: list[str]) -> bytes:
        keys.extend(identities)
        if "AGE-SECRET-KEY-1" not in identities:
            raise _NotOne
        return encrypted[::-1]

    identity = SimpleNamespace(from_str=str)
    return SimpleNamespace(
        decrypt=decrypt, x25519=SimpleNamespace(Identity=identity), DecryptError=_NotOne, IdentityError=KeyError
    )


def test_age(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[str] = []
    monkeypatch.setitem(sys.modules, "pyrage", fake_age(keys))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("SOPS_AGE_KEY_FILE", raising=False)
    monkeypatch.delenv("WARREN_AGE_IDENTITY", raising=False)
    (tmp_path / "pw.age").write_bytes(VALUE[::-1])
    assert "no age identity" in refused(tmp_path, SecretKind.AGE, "pw.age")
    (tmp_path / "id.txt").write_text("# a comment\nAGE-SECRET-KEY-1\n")
    monkeypatch.setenv("WARREN_AGE_IDENTITY", str(tmp_path / "id.txt"))
    assert value(tmp_path, SecretKind.AGE, "pw.age") == VALUE
    assert keys == ["AGE-SECRET-KEY-1"]
    (tmp_path / "id.txt").write_text("AGE-SECRET-KEY-2\n")
    assert "any of your age identities" in refused(tmp_path, SecretKind.AGE, "pw.age")


def test_age_that_is_not_installed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyrage", None)
    assert "pip install" in refused(tmp_path, SecretKind.AGE, "pw.age")
