"""mounts: what a container sees, in its short and long forms."""

from __future__ import annotations

import pytest

from warren.spec.container import Container, Mount
from warren.spec.fields import Mistake
from warren.spec.mounts import Mounted, read_mount, read_size, read_tmpfs


def mount(written: object) -> Mount:
    """A mount as the file says it."""
    return Container.model_validate({"image": "a:1", "volumes": [written]}).volumes[0]


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("data:/d", Mounted("volume", "data", "/d")),
        ("data:/d:ro", Mounted("volume", "data", "/d", True)),
        ("/srv/my files:/d:ro,z", Mounted("bind", "/srv/my files", "/d", True, ("z",))),
        ("/d", Mounted("volume", "", "/d")),
        (
            {"type": "volume", "source": "x", "target": "/d", "volume": {"nocopy": True}},
            Mounted("volume", "x", "/d", False, ("nocopy",)),
        ),
        ({"type": "volume", "target": "/d"}, Mounted("volume", "", "/d")),
        (
            {"type": "bind", "source": "/a", "target": "/d", "read_only": True, "bind": {"propagation": "rslave"}},
            Mounted("bind", "/a", "/d", True, ("rslave",)),
        ),
        (
            {"type": "tmpfs", "target": "/d", "tmpfs": {"size": "1k", "mode": 1777}},
            Mounted("tmpfs", "", "/d", False, ("size=1024", "mode=1777")),
        ),
    ],
)
def test_parts(written: object, parts: Mounted) -> None:
    assert read_mount(mount(written)) == parts


@pytest.mark.parametrize(
    "written",
    [
        "./conf:/etc/x",
        "~/conf:/etc/x",
        "../x:/y",
        "conf/x:/y",
        "data:d",
        "a:/b:rw:c",
        "data:/d:upside-down",
        "/a/../../etc:/d",
        "a b:/d",
        "-v:/d",
        "%n:/d",
        "/a,b:/d",
        "/a:/d\\",
        {"type": "bind", "source": "data", "target": "/d"},
        {"type": "bind", "target": "/d"},
        {"type": "volume", "source": "/a", "target": "/d"},
        {"type": "tmpfs"},
    ],
)
def test_what_no_container_could_see(written: object) -> None:
    with pytest.raises(Mistake):
        read_mount(mount(written))


def test_memory() -> None:
    assert read_tmpfs("/tmp:size=64m,noexec") == Mounted("tmpfs", "", "/tmp", options=("size=64m", "noexec"))
    with pytest.raises(Mistake):
        read_tmpfs("/tmp:size=64m,evil=$(x)")


@pytest.mark.parametrize(
    ("text", "size"),
    [("512m", 512 << 20), ("1.5g", 3 << 29), ("64MB", 64 << 20), ("100", 100), ("2b", 2), ("1T", 1 << 40)],
)
def test_sizes_count_in_1024(text: str, size: int) -> None:
    assert read_size(text) == size
