"""The journal for people and programs."""

from __future__ import annotations

from warren.cli.views import journal


def test_options() -> None:
    assert journal.options(5, "10m", follow=True) == [
        "--output=short-iso", "--no-hostname", "--lines=5", "--since=-10m", "--follow",
    ]  # fmt: skip
    assert journal.options(5, None, as_json=True)[0] == "--output=json"


def test_lines() -> None:
    printed = (
        b'{"__REALTIME_TIMESTAMP":"1000000","MESSAGE":"hello","CONTAINER_NAME":"blog","PRIORITY":"3"}\n'
        b'{"__REALTIME_TIMESTAMP":"1500000","MESSAGE":"' + b"0a" * 32 + b'"}\n'
        b'{"__REALTIME_TIMESTAMP":"2000000","MESSAGE":[104,255,10],"USER_UNIT":"blog.service"}\n'
    )
    first, second = journal.read(printed)
    assert first == {
        "at": "1970-01-01T00:00:01.000+00:00", "container": "blog", "unit": None, "priority": 3, "text": "hello",
    }  # fmt: skip
    assert (second["unit"], second["text"]) == ("blog.service", "h�")
    assert journal.read(b"") == []
