"""A unit of a user's manager: started once, started anew when what it is made from changed, and only then."""

from __future__ import annotations

from warren.desired.items.running import ONCE, Running, observed
from warren.desired.steps import script

APP = Running("cloud", 6001, "cloud-app.service", "86")
GROUP = "/sys/fs/cgroup/user.slice/user-6001.slice/user@6001.service/app.slice/cloud-app.service\n"


def test_units_of_one_user_are_started_in_one_call_so_that_systemd_orders_them() -> None:
    cache = Running("cloud", 6001, "cloud-cache.service", "87")
    made = script(step for item in (APP, cache) for step in item.create())
    assert "systemctl --user restart cloud-app.service cloud-cache.service" in made
    assert made.count("systemctl --user daemon-reload") == 1


def test_users_are_started_at_the_same_time_and_whoever_fails_is_named() -> None:
    db = Running("db", 6002, "db.service", "88")
    made = script(step for item in (APP, db) for step in item.create())
    assert made.count("& p") == 2
    assert 'wait $p1 || bad="$bad db"' in made


def test_it_is_read_back_by_its_control_group() -> None:
    sections = {"started": "user/6001/cloud-app.service:86\n", "groups": GROUP}
    assert list(observed(sections, {6001: "cloud"})) == [APP]


def test_one_that_ended_differs() -> None:
    (seen,) = observed({"started": "user/6001/cloud-app.service:86\n"}, {6001: "cloud"})
    assert APP.differences(seen) == ("is not running",)


def test_why_it_is_started_anew() -> None:
    assert APP.differences(Running("cloud", 6001, "cloud-app.service", "85")) == (
        "restarts, because its image, files or secrets changed",
    )


def test_it_is_stopped_when_it_goes() -> None:
    assert "systemctl --user stop cloud-app.service" in script(APP.remove())


def test_one_that_runs_once_may_have_ended() -> None:
    (seen,) = observed({"started": f"user/6001/cloud-app.service:86{ONCE}\n"}, {6001: "cloud"})
    assert seen.active
