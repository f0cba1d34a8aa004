"""What others put in the path: rootless user-mode networking as Podman runs it, and relays at the gateway.

In: the ground. Out: ways through each that is installed, and a sentence for each that is not. Never installs anything.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.paths.ground import Ground
from bench.paths.way import ASK, BULK, Way

RELAY = Path(__file__).with_name("relay.py")
STREAM_MODULE = Path("/usr/lib/nginx/modules/ngx_stream_module.so")
HOP = "198.19.255.1"

# Two containers, each in a user and network namespace of its own.
CONTAINERS = """
mkdir -p /run/bench
for each in near asker; do
    unshare --user --map-root-user --net sh -c "echo \\$\\$ > /run/bench/$each; exec sleep 100000" >/dev/null 2>&1 &
done
for each in near asker; do until [ -s /run/bench/$each ]; do sleep 0.02; done; done
cat /run/bench/near /run/bench/asker
"""
SLIRP = """
for each in near asker; do
    pid=$(cat /run/bench/$each)
    slirp4netns --configure --mtu=1500 --disable-host-loopback --userns-path=/proc/$pid/ns/user --netns-type=path \\
        --api-socket /run/bench/$each.sock /proc/$pid/ns/net tap0 >/run/bench/$each.log 2>&1 &
done
"""
PASTA = f"""
common="--config-net --quiet --foreground --runas 0 --mtu 1500 -u none -T none -U none"
pasta $common -t {BULK},{ASK} $(cat /run/bench/near) >/run/bench/near.log 2>&1 &
pasta $common -t none $(cat /run/bench/asker) >/run/bench/asker.log 2>&1 &
"""
WAIT_FOR_DEVICE = """
for each in near asker; do
    until nsenter --user --preserve-credentials --net --target $(cat /run/bench/$each) ip -4 route | grep -q default
    do sleep 0.05; done
done
"""
PUBLISH = r"""
import json, socket, sys
for port in map(int, sys.argv[1:]):
    with socket.socket(socket.AF_UNIX) as door:
        door.connect("/run/bench/near.sock")
        asked = {"proto": "tcp", "host_addr": "0.0.0.0", "host_port": port, "guest_addr": "10.0.2.100"}
        door.sendall(json.dumps({"execute": "add_hostfwd", "arguments": {**asked, "guest_port": port}}).encode())
        if b"return" not in door.recv(4096):
            sys.exit("slirp4netns would not publish a port")
"""
Entry = tuple[str, ...]


def slirp(ground: Ground) -> tuple[Entry, Entry]:
    """Two containers behind slirp4netns: the words that enter the server's and the client's."""
    pids = ground.sh("slirp", CONTAINERS).split()
    ground.sh("slirp", SLIRP + WAIT_FOR_DEVICE)
    ground.sh("slirp", f"{sys.executable} -IS - {BULK} {ASK} <<'END'{PUBLISH}END\n")
    return _inside(ground, "slirp", pids[0]), _inside(ground, "slirp", pids[1])


def pasta(ground: Ground) -> tuple[Entry, Entry]:
    """The same behind pasta."""
    pids = ground.sh("pasta", CONTAINERS).split()
    ground.sh("pasta", PASTA + WAIT_FOR_DEVICE)
    return _inside(ground, "pasta", pids[0]), _inside(ground, "pasta", pids[1])


def _inside(ground: Ground, host: str, pid: str) -> Entry:
    return (
        *ground.entry(host),
        *("nsenter", "--user", "--preserve-credentials", "--net", "--target", pid, "--"),
    )


# ── relays ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def nginx(first: int, address: str) -> str:
    """nginx's stream module."""
    servers = "".join(
        f"server {{ listen {first + at}; proxy_pass {address}:{port}; }} " for at, port in enumerate((BULK, ASK))
    )
    module = f"load_module {STREAM_MODULE};" if STREAM_MODULE.exists() else ""
    return f"""
mkdir -p /run/bench/nginx
cat > /run/bench/nginx.conf <<'END'
{module}
user root; worker_processes auto; pid /run/bench/nginx/pid; error_log /run/bench/nginx/log;
events {{ worker_connections 4096; }}
stream {{ {servers} }}
END
nginx -e /run/bench/nginx/log -p /run/bench/nginx -c /run/bench/nginx.conf
"""


def haproxy(first: int, address: str) -> str:
    """haproxy in TCP mode."""
    listens = "".join(
        f"listen l{port}\n bind :{first + at}\n server s {address}:{port}\n" for at, port in enumerate((BULK, ASK))
    )
    return f"""
cat > /run/bench/haproxy.cfg <<'END'
defaults
 mode tcp
 timeout connect 5s
 timeout client 1m
 timeout server 1m
{listens}
END
haproxy -D -f /run/bench/haproxy.cfg
"""


def socat(first: int, address: str) -> str:
    """A socat for each connection."""
    return "".join(
        f"socat TCP-LISTEN:{first + at},fork,reuseaddr TCP:{address}:{port} >/dev/null 2>&1 &\n"
        for at, port in enumerate((BULK, ASK))
    )


def asyncio_relay(first: int, address: str) -> str:
    """Python's own streams."""
    return "".join(
        f"{sys.executable} -IS {RELAY} {first + at} {address} {port} >/dev/null 2>&1 &\n"
        for at, port in enumerate((BULK, ASK))
    )


RELAYS: tuple[tuple[str, str, int, Callable[[int, str], str]], ...] = (
    ("nginx stream", "nginx", 6000, nginx),
    ("haproxy", "haproxy", 6010, haproxy),
    ("socat", "socat", 6020, socat),
    ("Python asyncio", sys.executable, 6030, asyncio_relay),
)


def relays(ground: Ground, client: Entry, public: str, address: str) -> Iterator[Way | str]:
    """A way through each relay at the bare gateway, or the sentence why there is none."""
    for name, program, first, script in RELAYS:
        if reason := why_no_relay(program):
            yield f"{name}: {reason}"
        else:
            ground.sh("bare", "mkdir -p /run/bench\n" + script(first, address))
            yield Way(name, client, public, first, first + 1)


def why_no_relay(program: str) -> str | None:
    """What is missing, as words."""
    if not shutil.which(program):
        return f"{program} is not installed"
    if program == "nginx" and not STREAM_MODULE.exists() and not _has_stream():
        return "this nginx has no stream module"
    return None


def _has_stream() -> bool:
    said = subprocess.run(["nginx", "-V"], capture_output=True, text=True, check=False).stderr
    return "--with-stream" in said.split()
