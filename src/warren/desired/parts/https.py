"""HTTPS outside: the configuration of each entry.

In: the entries of a host. Out: one Caddyfile an entry, and the page for services that do not answer. Never a site that
answers for a name which the file does not have, nor a header from outside that says who the client is.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.desired.items.file import File
from warren.desired.view import HostView
from warren.formats.caddy import Block, Caddyfile, Directive, Node, Raw, directive, write
from warren.topology import folders
from warren.topology.model import ForwardAuth, HttpsExposure, Prefix, Role, Service, Topology
from warren.topology.passing import passer_of

# Root's, and readable by the entry's user alone: it has what bcrypt made of passwords, and the user's own lines.
MODE = 0o640
# The connection to a target that does not answer: shorter than the patience of a visitor.
DIAL = "800ms"
# A connection to a target is used again for so long. One to a home that went away meanwhile would take a request that
# is never answered: a tunnel that is down says so to nobody.
REUSED = "1s"
# So many connections wait for the next request, as where nothing is said of them. Where the time is said and the number
# is not, Caddy keeps two, and half of all requests of sixteen visitors begin with a connection.
KEPT = "32"
# What a visitor has open, such as a WebSocket, outlives a change of the file by so long. Debian's Caddy cannot do that,
# one that the user chose can (caddyserver.com/docs/caddyfile/directives/reverse_proxy, stream_close_delay; from 2.7).
STREAMS = "1h"
OFFLINE = """\
<!doctype html>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Offline</title>
<style>body { font: 1.1em/1.5 system-ui, sans-serif; margin: 20vh auto; max-width: 30em; padding: 0 1em }</style>
<h1>This site is offline</h1>
<p>The machine that serves it does not answer at the moment. Please try again later.</p>
"""
# What proxies before ours could have said about the client; ours is the first that is believed.
CLAIMS = (
    "Forwarded",
    "X-Client-IP",
    "X-Cluster-Client-IP",
    "True-Client-IP",
    "CF-Connecting-IP",
    "CF-Connecting-IPv6",
    "Fastly-Client-IP",
    "X-Forwarded-Port",
    "X-Forwarded-Server",
    "X-Original-Forwarded-For",
    "X-ProxyUser-Ip",
    # With `_` they would be the same to programs that get them as variables (RFC 3875, 4.1.18), and to nobody before.
    "*_*",
)


def https(view: HostView) -> Iterator[File]:
    """The files of the host's entries."""
    for service in view.services:
        if service.role is Role.ENTRY:
            sites = [one for one in view.topology.https if one.entry == service.name]
            if not sites:
                continue  # it only passes on
            text = write(_caddyfile(view.topology, service, sites))
            yield File(f"{folders.told(service.name)}/Caddyfile", text, MODE, service.name)
            yield File(f"{folders.told(service.name)}/offline.html", _page(view.topology))


def _page(topology: Topology) -> str:
    page = topology.web.offline or OFFLINE
    return page if page.endswith("\n") else f"{page}\n"


def _caddyfile(topology: Topology, entry: Service, sites: list[HttpsExposure]) -> Caddyfile:
    names = tuple(dict.fromkeys(one.name for one in sites))
    own = [Block((f"https://{name}",), tuple(_site(topology, entry, [one for one in sites if one.name == name])))
           for name in names]  # fmt: skip
    # What names a site in its handshake and nobody's in its request.
    nobody = Block((":443",), (directive("abort"),))
    return Caddyfile(tuple(_options(topology, entry)), (_plain(names), nobody, *own))


def _options(topology: Topology, entry: Service) -> Iterator[Node]:
    web = topology.web
    yield directive("admin", f"unix/{folders.running(entry.name, entry.uid)}/admin")
    yield directive("storage", "file_system", folders.kept(entry.name))
    # Those for names that nobody has would be answered, too.
    yield directive("auto_https", "disable_redirects")
    if web.email:
        yield directive("email", web.email)
    if web.ca:
        yield directive("acme_ca", web.ca)
    if web.dns:
        yield Raw(f"acme_dns {web.dns}")
    yield directive("grace_period", "10s")
    timeouts = directive("timeouts", block=[directive("read_header", "10s"), directive("idle", "2m")])
    # Nobody would get through to what it offers of HTTP/3: its connections come by their name (see `passing`).
    spoken = [directive("protocols", "h1", "h2")] if passer_of(topology, entry.name) else []
    yield directive("servers", block=[timeouts, *spoken])
    yield directive("log", block=[directive("output", "stderr"), directive("level", "WARN")])
    if web.raw:
        yield Raw(web.raw)


def _plain(names: tuple[str, ...]) -> Block:
    """Plain HTTP: the names go to HTTPS, others hear nothing. What the authority asks is answered before."""
    known = directive("@known", "host", *names)
    redirected = directive("redir", "@known", "https://{host}{uri}", "308")
    return Block(("http://",), (known, directive("route", block=[redirected, directive("abort")])))


def _site(topology: Topology, entry: Service, lines: list[HttpsExposure]) -> Iterator[Node]:
    ordered = sorted(lines, key=lambda one: len(one.path), reverse=True)
    yield directive("header", "-Server")
    yield directive(
        "route",
        block=[
            *_met(ordered[0].name),
            *(directive("request_header", f"-{name}") for name in CLAIMS),
            directive("request_header", "X-Real-IP", "{remote_host}"),
            *(node for number, one in enumerate(ordered) for node in _handled(topology, one, f"@path{number}")),
            directive("respond", "404"),
        ],
    )
    yield directive("handle_errors", block=_errors(entry))


def _met(name: str) -> Iterator[Node]:
    """A request may not name another site than its handshake did. Caddy has a word for it (strict_sni_host), which its
    version 2.6 takes for all of HTTP/3: there the name of the handshake is not known to it.
    """
    if not name.startswith("*."):
        yield directive("@elsewhere", "not", "vars", "{http.request.tls.server_name}", "", name)
        yield directive("error", "@elsewhere", "421")


def _handled(topology: Topology, one: HttpsExposure, matcher: str) -> Iterator[Node]:
    """The lines of one path; what they lead to ends the request, so that the first that fits has it."""
    if one.path == "/":
        yield directive("route", block=_behind(topology, one))
        return
    below = one.path if one.path.endswith("/") else f"{one.path}/"
    yield directive(matcher, "path", one.path, f"{below}*")
    yield directive("route", matcher, block=_behind(topology, one))


def _behind(topology: Topology, one: HttpsExposure) -> list[Node]:
    site = one.site
    inner: list[Node] = []
    if one.sources:
        inner += [
            directive("@strange", "not", "remote_ip", *map(_written, one.sources)),
            directive("abort", "@strange"),
        ]
    if site.headers:
        # Set last: whatever the service says of them is replaced.
        lines = [directive(name, _literal(value)) for name, value in site.headers]
        inner.append(directive("header", block=[*lines, directive("defer")]))
    if site.max_body is not None:
        inner += _limited(site.max_body)
    if site.basic:
        inner.append(directive("basicauth", block=[directive(user, hashed) for user, hashed in site.basic]))
    if site.forward:
        # What only the service that is asked may say, a visitor may not: it need not answer with each.
        inner += [directive("request_header", f"-{name}") for name in site.forward.copied]
        inner.append(_asked(topology, site.forward))
        inner += [node for number, name in enumerate(site.forward.copied) for node in _unsaid(number, name)]
    if site.raw:
        inner.append(Raw(site.raw))
    if site.strip and one.path != "/":
        inner.append(directive("uri", "strip_prefix", one.path.rstrip("/")))
    inner.append(_proxy(topology, one))
    return inner


def _limited(most: int) -> Iterator[Node]:
    """A request that says that it is too large is refused at once, one that does not is cut off where it becomes so."""
    told = "{http.request.header.Content-Length}"
    yield directive("@large", "expression", f'{told} != "" && int({told}) > {most}')
    yield directive("error", "@large", "413")
    yield directive("request_body", block=[directive("max_size", str(most))])


def _written(prefix: Prefix) -> str:
    return str(prefix)


def _literal(value: str) -> str:
    """The user's text to the letter: what looks like a placeholder of Caddy's is none."""
    return value.replace("{", "\\{")


def _asked(topology: Topology, forward: ForwardAuth) -> Directive:
    block = [directive("uri", forward.uri), _patience()]
    if forward.copied:
        block.append(directive("copy_headers", *forward.copied))
    return directive("forward_auth", _target(topology, forward.service, forward.port.ports.first), block=block)


def _unsaid(number: int, name: str) -> Iterator[Node]:
    """A header that the answer does not have is copied by Caddy 2.6 as its own placeholder: nobody is called so."""
    yield directive(f"@unsaid{number}", "header_regexp", name, r"^\{http\.")
    yield directive("request_header", f"@unsaid{number}", f"-{name}")


def _proxy(topology: Topology, one: HttpsExposure) -> Directive:
    block: list[Node] = [directive("header_up", name, _literal(value)) for name, value in one.site.request_headers]
    block.append(_patience())
    if topology.web.image or topology.web.program:
        block.append(directive("stream_close_delay", STREAMS))
    return directive("reverse_proxy", _target(topology, one.service, one.port.ports.first), block=block)


def _patience() -> Directive:
    kept = (directive("keepalive", REUSED), directive("keepalive_idle_conns_per_host", KEPT))
    return directive("transport", "http", block=[directive("dial_timeout", DIAL), *kept])


def _target(topology: Topology, service: str, port: int) -> str:
    return f"{topology.services[service].addresses.v4}:{port}"


def _errors(entry: Service) -> Iterator[Node]:
    """A target that is not there is an offline site; everything else is said by its number alone."""
    yield directive("@offline", "expression", "{err.status_code} in [502, 503, 504]")
    yield directive(
        "handle",
        "@offline",
        block=[
            directive("header", "Retry-After", "30"),
            directive("header", "Cache-Control", "no-store"),
            directive("root", "*", folders.told(entry.name)),
            directive("rewrite", "*", "/offline.html"),
            directive("file_server", block=[directive("status", "503")]),
        ],
    )
    yield directive("handle", block=[directive("respond", "{err.status_text}", "{err.status_code}")])
