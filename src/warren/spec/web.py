"""What may be said about HTTPS: the entry of a gateway, and the sites behind it.

In: mappings of the file. Out: frozen models. Never a password, only what bcrypt made of it.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from warren.spec.container import Image, Size, Strict
from warren.spec.fields import Line, Many, Shorthand, Text, Word, matching
from warren.spec.workload import Variable

UrlPath: TypeAlias = Annotated[
    str, matching(r"/[A-Za-z0-9._~!$&'()+,;=:@%/-]{0,500}", "a path of a URL, as it begins", "/api")
]
Url: TypeAlias = Annotated[
    str,
    matching(r"https://[A-Za-z0-9.:\[\]-]{1,253}(/[A-Za-z0-9._~/%-]*)?", "an https address", "https://ca.example/dir"),
]
HeaderName: TypeAlias = Annotated[
    str, matching(r"[A-Za-z0-9][A-Za-z0-9-]{0,99}", "the name of a header", "X-Frame-Options")
]
User: TypeAlias = Annotated[str, matching(r"[A-Za-z0-9._@-]{1,100}", "the name of a user", "alice")]
Bcrypt: TypeAlias = Annotated[
    str,
    matching(r"\$2[aby]\$[0-9]{2}\$[./A-Za-z0-9]{53}", "what bcrypt makes of a password (`caddy hash-password` does)"),
]
# Caddy puts a variable of its environment wherever `{$` stands, and nothing keeps it from that.
HeaderText: TypeAlias = Annotated[
    str, matching(r"(?!.*\{\$)[^`\x00-\x1f\x7f]{0,4000}", "what a header can say, without `{$`", "DENY")
]
Mail: TypeAlias = Annotated[
    str, matching(r"[A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9.-]{1,190}", "an address of mail", "ada@example.org")
]
Program: TypeAlias = Annotated[
    str, matching(r"(/[A-Za-z0-9._+-]{1,100}){1,20}", "the path of a program", "/usr/local/bin/caddy")
]
Headers: TypeAlias = dict[HeaderName, HeaderText]


class Forward(Strict):
    """A service that is asked about every request, and lets it pass with an answer of 2xx."""

    to: Line
    """Its port: `auth.web`."""
    uri: UrlPath = "/"
    """What is asked there: `/api/verify`."""
    copy_: Many[HeaderName] = Field(default=(), alias="copy")
    """Headers of its answer that the site gets: `[Remote-User]`."""


class Auth(Strict):
    """Who may use a site."""

    basic: dict[User, Bcrypt] = Field(default_factory=dict)
    """Users, each with what bcrypt made of the password."""
    forward: Annotated[Forward, Shorthand("to")] | None = None
    """A service that decides: `auth.web`."""


class WebKeys(Strict):
    """What may be said about a line that exposes HTTPS."""

    path: Many[UrlPath] = ()
    """Only what lies below: `/api`; of several lines of one name the longest path wins."""
    strip: bool = False
    """Whether the service sees the path without this beginning."""
    tls: Literal["gateway", "home"] | None = None
    """Where it is decrypted: at the `gateway` (the default), or at `home`, so that the gateway cannot read it."""
    headers: Headers = Field(default_factory=dict)
    """Headers of every answer: `X-Frame-Options: DENY`."""
    request_headers: Headers = Field(default_factory=dict)
    """Headers that the service gets with every request."""
    auth: Auth | None = None
    """Who may use it; everyone by default."""
    max_body: Size | None = None
    """The largest request: `100m`; no limit by default."""
    raw: Text | None = None
    """Lines for the site in Caddy's own words, for all that has no key here."""


class Https(Strict):
    """HTTPS at the gateways."""

    email: Mail | None = None
    """Where the authority writes when a certificate is about to end."""
    ca: Url | None = None
    """The directory of the ACME authority; Let's Encrypt by default."""
    dns: Text | None = None
    """How names are proved by DNS, in the words of Caddy's `acme_dns`: `cloudflare {env.TOKEN}`, as `*.` asks."""
    secrets: dict[Variable, Word] = Field(default_factory=dict)
    """Variables for these words, each with the name of a secret: `TOKEN: cloudflare`."""
    image: Image | None = None
    """A Caddy of your own, 2.7 or later, with the modules that you name: `registry.example.org/caddy:2`."""
    program: Program | None = None
    """Or one that is on the hosts already, by its path; Debian's by default."""
    offline: Text | None = None
    """The page that is shown while a service does not answer, as HTML."""
    raw: Text | None = None
    """Lines for Caddy's global options."""
