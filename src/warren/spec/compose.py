"""Words of Compose and of older tools that have another name or no place here, and what to write instead.

In: nothing. Out: a table from the word to a hint. Never a word that the file knows at every place.
"""

from __future__ import annotations

NETWORK = "a service has a network of its own; delete the key"
NAMED = "a container is called by its key under `containers`"
JOURNAL = "what it prints goes to the journal: `warren logs`; delete the key"
LIMITS = "write `memory`, `cpus` and `pids_limit`"
RAW = "write it as a raw line: `quadlet: [{}]`"

INSTEAD = {
    # the network
    "network_mode": NETWORK,
    "networks": "who may talk to whom is said with `needs`; delete the key",
    "links": "write `needs`",
    "external_links": "write `needs`",
    "allow": "write `needs` at the service that connects",
    "ports_published": "write `expose`",
    "publish": "write `expose`",
    "ports": "ports belong to the service: `ports: {web: 80}`; a container may say `listens: 80`",
    "expose": "it belongs to the service: `expose: [{port: 80, to: web}]`; a container may say `listens: 80`",
    "mac_address": "write `lan: {mac: ...}` at the service",
    "dns": "each service gets the resolver of its egress; delete the key",
    "dns_opt": "each service gets the resolver of its egress; delete the key",
    "dns_search": "each service gets the resolver of its egress; delete the key",
    "domainname": "write the whole name as `hostname`",
    # what runs
    "build": "build the image first and name it with `image`",
    "develop": "build the image first and name it with `image`",
    "container_name": NAMED,
    "platform": RAW.format("PodmanArgs=--platform=linux/arm64"),
    "runtime": RAW.format("PodmanArgs=--runtime=crun"),
    "isolation": "delete the key",
    "attach": "delete the key",
    "profiles": "leave what should not run out of the file",
    "extends": "write the keys out, or put them under `defaults: {container: ...}`",
    "scale": "write one service for each",
    "deploy": LIMITS,
    "tty": RAW.format("PodmanArgs=--tty"),
    "stdin_open": RAW.format("PodmanArgs=--interactive"),
    "post_start": RAW.format("PodmanArgs=...") + " or make it a container of its own",
    "pre_stop": "use `stop_signal`",
    "provider": "build the image first and name it with `image`",
    "models": "delete the key",
    "logging": JOURNAL,
    "log_driver": JOURNAL,
    "log_opt": JOURNAL,
    # limits
    "mem_limit": "write `memory`",
    "mem_reservation": LIMITS,
    "mem_swappiness": LIMITS,
    "memswap_limit": LIMITS,
    "cpu_count": "write `cpus`",
    "cpu_percent": "write `cpus`",
    "cpu_quota": "write `cpus`",
    "cpu_period": "write `cpus`",
    "cpu_shares": "write `cpus`",
    "cpuset": RAW.format("PodmanArgs=--cpuset-cpus=0"),
    "cpu_rt_runtime": "write `cpus`",
    "cpu_rt_period": "write `cpus`",
    "blkio_config": LIMITS,
    "oom_kill_disable": LIMITS,
    "oom_score_adj": RAW.format("PodmanArgs=--oom-score-adj=100"),
    # files and namespaces
    "configs": "name the file as a secret: `secrets: {app-conf: file:app.conf}`, and use it with a `target`",
    "credential_spec": "delete the key",
    "volumes_from": "name the same volume in both containers",
    "volume_driver": "delete the key",
    "storage_opt": "delete the key",
    "cgroup": RAW.format("PodmanArgs=--cgroupns=private"),
    "cgroup_parent": "each container has a group of its own; delete the key",
    "device_cgroup_rules": "write `devices`",
    "gpus": "write `devices: [nvidia.com/gpu=all]`",
    "ipc": RAW.format("PodmanArgs=--ipc=host"),
    "pid": RAW.format("PodmanArgs=--pid=host"),
    "uts": RAW.format("PodmanArgs=--uts=host"),
    "use_api_socket": "mount the socket, and say why it is meant",
    "label_file": "write `labels`",
    "annotations_file": "write `annotations`",
}

# Top-level mappings of a Compose file.
WHOLE = {
    "volumes": "a volume is made when a container names it: `volumes: [data:/path]`; delete the key",
    "networks": "who may talk to whom is said with `needs`; delete the key",
    "configs": INSTEAD["configs"],
    "name": "write `network: {name: home}`",
    "include": "write the services into this file",
    "x-templates": "put what is common under `defaults`",
}


def instead(path: tuple[str | int, ...]) -> str | None:
    """What to write in place of the key at a path."""
    key = str(path[-1])
    return WHOLE.get(key) if len(path) == 1 and key in WHOLE else INSTEAD.get(key)
