"""What a host in memory holds, changed by one command at a time.

In: commands as values. Out: the changed machine, or a refusal. Never touches anything outside its own fields.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from warren.desired.items.tunnel import KEY_FILE
from warren.hosts.fake import shell
from warren.hosts.fake.net import Device, Network
from warren.hosts.fake.nft import Nftables
from warren.hosts.fake.wireguard import Interface, key_of
from warren.hosts.fake.words import Refusal, Words

FIRST_FREE_PORT = 40000


@dataclass(slots=True)
class Machine:
    """All that a script can see or change; files as (content, mode) under their paths."""

    name: str
    network: Network = field(default_factory=Network)
    nft: Nftables = field(default_factory=Nftables)
    wireguard: dict[str, Interface] = field(default_factory=dict)
    files: dict[str, tuple[str, int]] = field(default_factory=dict)

    @classmethod
    def fresh(cls, name: str) -> Machine:
        """A machine with a loopback and an uplink that takes its routes from advertisements."""
        made = cls(name)
        made.network.add_device("", Device("lo", None, 1, 65536, up=True))
        made.network.add_device("", Device("eth0", "virtio_net", 2, up=True))
        made.network.own.settings["net.ipv6.conf.eth0.accept_ra"] = "1"
        return made

    @property
    def public_key(self) -> str | None:
        """The WireGuard key, once there is one."""
        return key_of(self.name) if KEY_FILE in self.files else None

    def do(self, command: shell.Command) -> None:
        """One command. Raises `Refusal`, and is then as it was before."""
        match command:
            case shell.IpLine(line, netns, family):
                self.network.ip(line, netns, family)
                self._forget_gone_interfaces()
            case shell.Transaction(text):
                self.nft.load(text)
            case shell.Setting():
                self._set(command)
            case shell.Put(path, None):
                self.files.pop(path, None)
            case shell.Put(path, content, mode):
                self.files[path] = (content or "", mode)
            case shell.AddWireguard(name, group):
                self.network.add_device("", Device(name, "wireguard", 0, 1420, group=group))
                self.wireguard[name] = Interface()
            case shell.SetWireguard((name, *words)):
                self._wireguard(name, list(words))
            case shell.SetWireguard():
                raise Refusal("wg set: no interface")
            case shell.MakeKey():
                self.files.setdefault(KEY_FILE, (f"private key of {self.name}\n", 0o600))
            case shell.KeepAdvertisedRoutes():
                self._keep_advertised_routes()
            case shell.Forget():
                pass
            case _:
                assert_never(command)

    def _set(self, setting: shell.Setting) -> None:
        space, (_, *parts) = self.network.space(setting.netns), setting.key.split(".")
        if len(parts) == 4 and parts[1] == "conf" and parts[2] not in ("all", "default", *space.devices):
            raise Refusal(f"sysctl: cannot stat /proc/sys/{setting.key.replace('.', '/')}: No such file or directory")
        space.settings[setting.key] = setting.value

    def _wireguard(self, name: str, words: list[str]) -> None:
        if name not in self.wireguard:
            raise Refusal(f"Unable to modify interface: No such device: {name}")
        self.wireguard[name].set(Words(words), self.public_key, FIRST_FREE_PORT)

    def _forget_gone_interfaces(self) -> None:
        for name in self.wireguard.keys() - self.network.own.devices.keys():
            del self.wireguard[name]

    def _keep_advertised_routes(self) -> None:
        settings = self.network.own.settings
        for key, value in settings.items():
            if key.endswith(".accept_ra") and value == "1":
                settings[key] = "2"
