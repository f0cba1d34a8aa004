"""New images of the same names: pulled outside the namespace, kept if the service works with them, else put back.

In: a service with `update`. Out: a script, a list of what to look at, a timer. Never more than one try of an image that
did not work: it is remembered, and passed over until there is another.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.desired.account import HOMES, PATH
from warren.desired.items.file import File
from warren.desired.items.unit import FOLDER, Unit
from warren.desired.model import Item
from warren.desired.parts.machine.users import digest
from warren.desired.parts.workloads.settings import seconds
from warren.formats import ini
from warren.formats.ini import Section, Setting
from warren.topology.model import Service
from warren.topology.workload import Update, Workload

SCRIPT = "/etc/warren/update.sh"
LISTS = "/etc/warren/updates"
# What came of the last look: one JSON file a service, for `warren status`.
RESULTS = "/var/lib/warren/updates"
COMMENT = "Written by warren."
# So many seconds in a row everything must be well.
SETTLED = 3
# `podman auto-update` would do it in the namespace, where there may be no way to a registry, and leaves what depends on
# a container that went back stopped. The whole script looks at one service, whose list it reads: the user's number,
# the seconds in which it must work, the ports that it says it has, then a unit and its image a line.
TEXT = f"""\
# {COMMENT}
# New images of a service, kept if it works with them: update.sh SERVICE
set -u
umask 077
export LC_ALL=C PATH={PATH}
service=$1 list={LISTS}/$1 results={RESULTS} work=/run/warren/update.$1
[ ! -e /run/warren/armed ] || {{ echo "a change of this host waits: next time"; exit 0; }}
mkdir -p $results $work && cd $work && rm -f ./* || exit 1
{{ read -r uid; read -r within; read -r ports; cat > units; }} < $list
as_user() {{
  (cd {HOMES}/$service && exec setpriv --reuid=$uid --regid=$uid --init-groups env -i \\
    HOME={HOMES}/$service USER=$service LOGNAME=$service PATH=$PATH XDG_RUNTIME_DIR=/run/user/$uid \\
    DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/$uid/bus "$@")
}}
id_of() {{ as_user podman image inspect --format '{{{{.Id}}}}' "$1" 2>/dev/null; }}
listening() {{
  ip netns exec $service ss -Hltun | awk '{{ n = split($5, a, ":"); print $1 "/" a[n] }}' | sort -u > listens
  for port in $ports; do ! grep -qx "$port" listens || echo $port; done
}}
result() {{ # word reason
  reason=$(printf %s "$2" | tr -d '"\\\\' | tr -c '[:print:]' ' ' | cut -c1-300)
  printf '{{"service": "%s", "at": "%s", "result": "%s", "units": "%s", "reason": "%s"}}\\n' $service \\
    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1" "$(echo $changed)" "$reason" > $results/$service.new
  chmod 0644 $results/$service.new && mv -f $results/$service.new $results/$service.json
  echo "$service: $1${{2:+: $2}}"
}}
changed= trouble=
before=$(listening)
cut -d' ' -f2 units | sort -u > images
while read -r image; do
  old=$(id_of "$image")
  if ! said=$(as_user podman pull --quiet "$image" 2>&1 >/dev/null); then
    trouble="$image cannot be pulled: ${{said##*: }}"; continue
  fi
  new=$(id_of "$image")
  [ "$old" != "$new" ] || continue
  if grep -qxs "$image $new" $results/$service.refused; then as_user podman tag "$old" "$image"; continue; fi
  echo "$image $old $new" >> news
done < images
[ -e news ] || {{ [ -z "$trouble" ] && result current "" || {{ result failed "$trouble"; exit 1; }}; exit 0; }}
while read -r unit image; do ! grep -q "^$image " news || changed="$changed $unit"; done < units
works() {{
  as_user timeout $within systemctl --user restart $changed || {{ why="does not start"; return 1; }}
  good=0 end=$(($(date +%s) + $within))
  while [ $good -lt {SETTLED} ]; do
    now=$(listening) why=
    [ "$now" = "$before" ] || why="does not listen on $(echo $before) any more"
    for unit in $changed; do
      again=$(as_user systemctl --user show --value -p NRestarts $unit)
      [ "$again" = 0 ] || {{ why="$unit ends and is started again"; return 1; }}
      as_user systemctl --user --quiet is-active $unit || why="$unit is not running"
    done
    [ -z "$why" ] && good=$((good + 1)) || good=0
    [ "$(date +%s)" -lt $end ] || return 1
    sleep 1
  done
}}
if works; then
  result updated "${{trouble}}"
  rm -f $results/$service.refused
  as_user podman image prune --force >/dev/null
  exit 0
fi
reason=$why
while read -r image old new; do
  as_user podman tag "$old" "$image"
  echo "$image $new" >> $results/$service.refused
done < news
as_user systemctl --user restart $changed
# Whatever stopped with it runs again.
as_user systemctl --user start $(cut -d' ' -f1 units)
result went-back "the new image $reason"
exit 1
"""


def updates(service: Service, workload: Workload) -> Iterator[Item]:
    """The items by which a service gets new images; all services of a host share the script."""
    if workload.update is None:
        return
    yield File(SCRIPT, TEXT, 0o700)
    yield File(f"{LISTS}/{service.name}", _list(service, workload, workload.update), 0o600)
    template, timer = _template(), _timer(service, workload.update)
    yield File(f"{FOLDER}/warren-update@.service", template)
    yield File(f"{FOLDER}/warren-update@{service.name}.timer", timer)
    yield Unit(f"warren-update@{service.name}.timer", digest(timer))


def _list(service: Service, workload: Workload, update: Update) -> str:
    ports = [f"{port.protocol}/{number}" for port in service.ports for number in port.ports]
    # One that its digest pins never changes, one that others bring is theirs to change, one that ends is over.
    watched = [one for one in workload.containers if "@" not in one.image and one.pull != "never" and not one.completes]
    lines = (str(service.uid), str(seconds(update.within)), " ".join(ports))
    return "\n".join([*lines, *(f"{one.unit}.service {one.image}" for one in watched)]) + "\n"


def _template() -> str:
    about = Section("Unit", (Setting("Description", "new images of %i"), Setting("After", "warren.service")))
    words = (Setting("Type", "oneshot"), Setting("ExecStart", f"/bin/sh {SCRIPT} %i"))
    return ini.write(ini.Unit((about, Section("Service", words))), COMMENT)


def _timer(service: Service, update: Update) -> str:
    about = Section("Unit", (Setting("Description", f"new images of {service.name}"),))
    when = (Setting("OnCalendar", ini.literal(update.when)), Setting("Persistent", "yes"))
    wanted = Section("Install", (Setting("WantedBy", "timers.target"),))
    return ini.write(ini.Unit((about, Section("Timer", when), wanted)), COMMENT)
