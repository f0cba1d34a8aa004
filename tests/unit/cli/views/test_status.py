"""Hosts and tunnels at a glance."""

from __future__ import annotations

from dataclasses import replace

import click

from warren.accounts import Count, Traffic
from warren.cli.glance import HostGlance, TunnelGlance
from warren.cli.views.status import document, entry, lines
from warren.condition import Condition, Update
from warren.probe.certificates import Certificate
from warren.survey.memory import Last, Pending

ALIVE = TunnelGlance("wrn-vps", "home", "198.18.1.1:4711", 12, 1500, 200)
HOSTS = (
    HostGlance("vps", None, 0, (ALIVE,), ("blog", "web")),
    HostGlance("home", None, 2, (TunnelGlance("wrn-vps", "vps", None, None, 0, 0),)),
    HostGlance("far", "far does not answer"),
    HostGlance("old", tunnels=(TunnelGlance("wrn-vps", "vps", None, 400, 0, 0),)),
)


def test_a_line_for_each_host_and_tunnel() -> None:
    assert [click.unstyle(line) for line in lines(HOSTS)] == [
        "vps  reachable, in line with the file",
        "  tunnel  wrn-vps  to home  handshake 12 seconds ago  1.5 kB received, 200 B sent",
        "  services  blog web",
        "home  reachable, 2 differences to the file",
        "  tunnel  wrn-vps  to vps  no handshake yet  0 B received, 0 B sent",
        "far  not reachable: far does not answer",
        "old  reachable, in line with the file",
        "  tunnel  wrn-vps  to vps  handshake 6 minutes ago, silent  0 B received, 0 B sent",
    ]


def test_without_a_file_there_is_no_word_of_drift() -> None:
    assert click.unstyle(next(lines(HOSTS, with_drift=False))) == "vps  reachable"


def test_for_programs() -> None:
    hosts = document(HOSTS)["hosts"]
    assert isinstance(hosts, dict)
    assert hosts["far"]["reachable"] is False
    assert hosts["vps"]["tunnels"] == [
        {
            "interface": "wrn-vps",
            "peer": "home",
            "endpoint": "198.18.1.1:4711",
            "handshake_age": 12,
            "received": 1500,
            "sent": 200,
        }
    ]


def test_what_runs_and_since_when() -> None:
    app = Condition("cloud", "cloud-app", "running", 4600, "healthy", "docker.io/library/nextcloud:31", "de7748f3911a")
    cache = Condition("cloud", "cloud-cache", "restarting", restarts=7)
    host = HostGlance("home", services=("cloud", "bare"), conditions=(app, cache), generation=3, now=5000)
    assert [click.unstyle(line) for line in lines([host])] == [
        "home  reachable, in line with the file, generation 3",
        "  service  cloud-app    running     started 6 minutes ago  healthy              "
        "docker.io/library/nextcloud:31 (de7748f3911a)",
        "  service  cloud-cache  restarting                                  7 restarts",
        "  services  bare",
    ]


def test_units_for_programs() -> None:
    host = HostGlance("home", conditions=(Condition("db", "db", "failed"),))
    units = entry(host)["units"]
    assert isinstance(units, list)
    assert (units[0]["unit"], units[0]["state"], units[0]["health"]) == ("db", "failed", None)


def test_certificates_say_when_they_end_and_when_they_are_renewed() -> None:
    held = Certificate(("a.example",), 0, 90 * 86400)
    [_, line] = map(click.unstyle, lines([HostGlance("vps", now=86400, certificates=(held,))]))
    assert line.split("  ")[1:] and "a.example" in line and "ends in 89 days" in line and "renewed in 59 days" in line
    late = click.unstyle(list(lines([HostGlance("vps", now=80 * 86400, certificates=(held,))]))[1])
    assert "ends in 10 days, and is not renewed" in late and "due now" in late
    [entry] = document([HostGlance("vps", now=86400, certificates=(held,))])["hosts"].values()  # type: ignore[attr-defined]
    assert entry["certificates"] == [{"names": ["a.example"], "ends": 7776000, "due": 5184000, "late": False}]


def test_a_name_without_a_certificate_is_said() -> None:
    host = HostGlance("vps", bare=("a.example",))
    assert (
        click.unstyle(list(lines([host]))[1])
        == "  certificate  a.example  there is none yet: see the logs of the entry"
    )
    assert entry(host)["names_without_certificate"] == ["a.example"]


def test_a_short_life_is_told_in_minutes() -> None:
    held = Certificate(("a.example",), 0, 900)
    said = [click.unstyle(list(lines([HostGlance("vps", now=now, certificates=(held,))]))[1]) for now in (0, 800, 900)]
    assert said[0].endswith("ends in 15 minutes  renewed in 10 minutes")
    assert "ends in 1 minute, and is not renewed" in said[1] and "has ended, and is not renewed" in said[2]


def test_a_change_that_waits_and_one_that_did_not_stay() -> None:
    def line(**given: object) -> str:
        return click.unstyle(list(lines([replace(HostGlance("home"), **given)]))[1])  # type: ignore[arg-type]

    armed = Pending("armed", "ada@pc", 42)
    assert "waits, made by ada@pc: `warren confirm` keeps it, else the host goes back in 42 seconds" in line(
        pending=armed
    )
    assert "is being put back, made by ada@pc" in line(pending=Pending("backing", "ada@pc"))
    last = Last("2026-01-02T03:04:05Z", "ada@pc", "+1 service", "back: window")
    assert line(last=last).endswith("of 2026-01-02T03:04:05Z, was put back: nobody confirmed it in time")
    assert len(list(lines([HostGlance("home", last=replace(last, outcome="applied"))]))) == 1


def test_updates_and_traffic_stand_with_their_service() -> None:
    update = Update("went-back", 4000, ("cloud-app.service",), "the new image does not start")
    units = [Condition("cloud", name, "running", update=update) for name in ("cloud-app", "cloud-db")]
    traffic = {"cloud": Traffic(Count(1, 1500), Count(1, 200))}
    host = HostGlance("home", services=("cloud",), conditions=tuple(units), now=7600, traffic=traffic)
    _, app, db, updated = map(click.unstyle, lines([host]))
    assert app.endswith("1.5 kB received, 200 B sent") and db.endswith("running")
    assert updated == (
        "  update  cloud  went back to the image before  1 hour ago  cloud-app  the new image does not start"
    )
    found = entry(host)
    assert found["traffic"] == {"cloud": {"received": 1500, "sent": 200}}
    units_of = found["units"]
    assert isinstance(units_of, list) and units_of[0]["update"]["result"] == "went-back"


def test_a_host_that_was_left_is_not_ours() -> None:
    host = HostGlance("home", drift=9, services=("cloud",), is_ours=False)
    first, second = map(click.unstyle, lines([host]))
    assert "not warren's" in first and second == "  services  cloud, of the file: none is here"
    assert entry(host)["warrens"] is False


def test_a_digest_is_short_for_people_and_whole_for_programs() -> None:
    whole = f"docker.io/library/web@sha256:{'ab' * 32}"
    host = HostGlance("home", services=("web",), conditions=(Condition("web", "web", "running", image=whole),))
    assert "docker.io/library/web@sha256:abababababab… " in click.unstyle(list(lines([host]))[1])
    units = entry(host)["units"]
    assert isinstance(units, list) and units[0]["image"] == whole
