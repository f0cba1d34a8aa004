"""container: Compose's keys with Compose's forms."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from warren.spec.container import Container


def container(**keys: object) -> Container:
    """A container with some keys."""
    return Container.model_validate({"image": "a:1", **keys})


def test_short_and_long_forms_mean_the_same() -> None:
    short = container(volumes=["data:/d"], secrets=["s"], depends_on=["b"], ulimits={"nofile": 5}, command="run")
    long = container(
        volumes=[{"source": "data:/d"}],
        secrets=[{"source": "s"}],
        depends_on={"b": {}},
        ulimits={"nofile": {"soft": 5}},
        command=["run"],
    )
    assert short == long


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("image", "docker.io/library/caddy:2@sha256:00"),
        ("user", 1000),
        ("user", "1000:1000"),
        ("memory", "512m"),
        ("shm_size", "64MB"),
        ("cpus", 1.5),
        ("cpus", "0.5"),
        ("restart", "on-failure:3"),
        ("cap_add", "NET_ADMIN"),
        ("stop_signal", "SIGRTMIN+3"),
        ("stop_grace_period", "1m30s"),
        ("pull_policy", "never"),
        ("userns_mode", "keep-id:uid=1000,gid=1000"),
        ("listens", ["80", "53/udp"]),
        ("volumes", [{"type": "tmpfs", "target": "/t", "tmpfs": {"size": "5m"}}]),
        ("healthcheck", {"test": ["CMD", "true"], "interval": "30s"}),
        ("quadlet", "AutoUpdate=registry\nNotify=true"),
        ("environment", ["A=1"]),
        ("hostname", "web"),
    ],
)
def test_values_that_compose_takes(key: str, value: object) -> None:
    assert key in container(**{key: value}).model_fields_set


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("image", "-v"),
        ("image", "a b"),
        ("user", "a b"),
        ("memory", "much"),
        ("cpus", "1e9"),
        ("restart", "sometimes"),
        ("cap_add", "$(x)"),
        ("stop_grace_period", "soon"),
        ("volumes", ["a\nb"]),
        ("ulimits", {"no file": 1}),
        ("quadlet", ["a\nb"]),
        ("privileged", "yes"),
        ("read_only", 1),
        ("command", "sh -c 'open"),
        ("command", ["a\0b"]),
        ("environment", {"A": "half \ud800"}),
        ("userns_mode", "container:x"),
        ("pids_limit", "5"),
    ],
)
def test_values_that_nobody_means(key: str, value: object) -> None:
    with pytest.raises(ValidationError):
        container(**{key: value})


def test_one_text_is_split_as_a_shell_would_and_a_list_is_not() -> None:
    assert container(command="sh -c 'echo $HOME' \"a b\"").command == ("sh", "-c", "echo $HOME", "a b")
    assert container(command=["echo a b"]).command == ("echo a b",)
