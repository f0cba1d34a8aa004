"""The file that `warren init` writes: small, true, and running in the lab as it is.

In: a name for the network. Out: text with comments that teach. Never more than a screen or two: the examples show more.
"""

from __future__ import annotations

from warren.spec.schema import FILE_NAME

TEXT = """\
# yaml-language-server: $schema=./{schema}
#
# One file for the whole network. `warren check` reads it, `warren lab test` builds it on this machine and tries every
# line with real packets; nothing of yours is touched before `warren apply`.
version: 1
network: {{name: {name}}}

hosts:
  # A host with a `public` address is a gateway: here a small rented server. Put its real address in.
  vps:
    ssh: root@203.0.113.10
    public: 203.0.113.10
  # A host without one dials out to the gateways, so it works behind any router and needs no open port there.
  home:
    ssh: admin@home.lan
    lan: 192.168.2.0/24
    egress: vps                        # its services leave through the gateway; the house's address is never seen
    programs: {{printer: 631}}           # what runs on the host itself and may be needed

# A service is a user with a network of its own. It reaches what its `needs` say, and is reached by what others need or
# by what it exposes. Everything else is denied.
services:
  web:
    host: home
    image: docker.io/library/caddy:2.10
    ports: {{http: 80}}                  # the ports where it listens, by name
    needs: [db.sql]                    # a port of another service; `home.printer` would be the host's program
    expose:
      - {{port: 80, to: http, limit: 50/second}}     # the Internet, at the gateway
      - {{port: 8080, to: http, at: home}}           # the LAN, at home
  db:
    host: home
    image: docker.io/library/postgres:17
    ports: {{sql: 5432}}
    egress: none                       # speaks to nobody by itself

# What must be true, whatever else changes. `warren verify` tries it.
expect:
  - internet -> web.http: open
  - web -> db.sql: open
  - internet -> db.sql: closed
  - lan:home -> web.http: open
"""


def starter(name: str = "my-network") -> str:
    """The text of a first file."""
    return TEXT.format(name=name, schema=FILE_NAME)
