"""compose: every word of Compose that is not carried has an answer."""

from __future__ import annotations

import pytest

from tests.spec_texts import BASE, found
from warren.spec.compose import INSTEAD, WHOLE, instead
from warren.spec.keys import keys_at

# The keys of a service in the Compose specification (compose-spec, 05-services.md), as of 2025.
COMPOSE = (
    "annotations attach build blkio_config cpu_count cpu_percent cpu_shares cpu_period cpu_quota cpu_rt_runtime"
    " cpu_rt_period cpus cpuset cap_add cap_drop cgroup cgroup_parent command configs container_name credential_spec"
    " depends_on deploy develop device_cgroup_rules devices dns dns_opt dns_search domainname entrypoint env_file"
    " environment expose extends external_links extra_hosts gpus group_add healthcheck hostname image init ipc"
    " isolation labels label_file links logging mac_address mem_limit mem_reservation mem_swappiness memswap_limit"
    " models network_mode networks oom_kill_disable oom_score_adj pid pids_limit platform ports post_start pre_stop"
    " privileged profiles provider pull_policy read_only restart runtime scale secrets security_opt shm_size"
    " stdin_open stop_grace_period stop_signal storage_opt sysctls tmpfs tty ulimits use_api_socket user userns_mode"
    " uts volumes volumes_from working_dir"
).split()


@pytest.mark.parametrize("key", COMPOSE)
def test_every_key_of_compose_is_carried_or_answered(key: str) -> None:
    assert key in keys_at(("services", "x", "containers", "y")) or instead(("services", "x", "containers", "y", key))


@pytest.mark.parametrize("key", ["networks", "volumes", "configs", "name", "include"])
def test_so_is_every_part_of_a_compose_file(key: str) -> None:
    assert instead((key,))


def test_no_answer_is_given_to_a_key_that_is_known() -> None:
    assert not keys_at(("services", "x")) & set(INSTEAD) - {"ports", "expose"}
    assert not keys_at(()) & set(WHOLE)


def test_the_answer_is_the_hint() -> None:
    (one,) = found(BASE.replace("host: vps", "host: vps, networks: [a]"))
    assert one.code == "unknown-key"
    assert one.hint == "who may talk to whom is said with `needs`; delete the key"


def test_a_word_of_compose_is_not_taken_for_a_near_one() -> None:
    assert [one.code for one in found(BASE.replace("host: vps", "host: vps, network_mode: host"))] == ["unknown-key"]
