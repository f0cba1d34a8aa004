# What a change with a way back does on its host. POSIX sh; it comes with every call and with every change, and is
# never installed. In: a verb with its words at the end of this text. Out: lines on stdout, a sentence on stderr and
# one of the exit codes below. Never trusts that it comes to its end: every verb can be told again, and what a host
# relies on after a power cut is on disk before the next thing begins.
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umask 022
warren=/var/lib/warren run=/run/warren units=/etc/systemd/system
pending=$warren/pending
LOCKED=10 OTHER_STATE=11 NO_ROOM=12 UNFIT=13 WAITING=14 WENT_BACK=15
NEEDED_KIB=2048 NEEDED_INODES=200 RESERVE=131072
TAB=$(printf '\t')

fail() { code=$1; shift; echo "$*" >&2; exit "$code"; }
has_systemd() { [ -d /run/systemd/system ]; }
uptime() { read -r up _ < /proc/uptime; echo "${up%%.*}"; }
stamp() { date -u +%Y-%m-%dT%H:%M:%SZ; }
# Known until the host starts anew, whatever its clock says.
this_boot() { [ -s $run/boot ] || { mkdir -p $run; cat /proc/sys/kernel/random/uuid > $run/boot; }; cat $run/boot; }
state() { for each in armed confirmed backing staged; do [ ! -e $pending/$each ] || { echo $each; return; }; done; }
change_id() { cat $pending/id 2>/dev/null || :; }
generation() { cat $warren/generation 2>/dev/null || echo 0; }
# A file and the folder that names it, on disk.
settle() { sync "$1" "${1%/*}"; }
put() { cat > "$1.new" && sync "$1.new" && mv -f "$1.new" "$1" && sync "${1%/*}"; }

# --- one operator at a time; the lock ends with its lease or with the boot that it was taken in

guarded() { exec 8< $warren; flock -w 20 8 || fail $LOCKED "another operator's command does not end on this host"; }
unguarded() { exec 8<&-; }
read_lock() {
  id= who= since= until=0 boot=
  [ -s $warren/lock ] || return 1
  { read -r id; read -r who; read -r since; read -r until; read -r boot; } < $warren/lock
  [ "$boot" = "$(this_boot)" ] && [ "$until" -gt "$(uptime)" ]
}
write_lock() { # id who since lease
  printf '%s\n%s\n%s\n%s\n%s\n' "$1" "$2" "$3" $(($(uptime) + $4)) "$(this_boot)" > $warren/lock.new \
    && mv -f $warren/lock.new $warren/lock
}
lock() { # id who lease
  # Services live below it: their users must get through, and see nothing else.
  said=$({ mkdir -p $warren/generations $run && chmod 0711 $warren && chmod 0700 $warren/generations $run && touch $warren/lock.new; } 2>&1) \
    || fail $NO_ROOM "nothing can be written to $warren: ${said##*: }"
  guarded
  if read_lock && [ "$id" != "$1" ]; then fail $LOCKED "$who has been changing this host since $since"; fi
  write_lock "$1" "$2" "$(stamp)" "$3" || fail $NO_ROOM "nothing can be written to $warren"
  recover "$1"
  unguarded
  echo "generation $(generation)"
}
hold() { # id lease
  guarded
  read_lock || :
  [ "$id" = "$1" ] || fail $LOCKED "${who:-nobody} holds this host now, since ${since:-its start}"
  write_lock "$1" "$who" "$since" "$2" || fail $NO_ROOM "nothing can be written to $warren"
  unguarded
}
unlock() { [ ! -e $warren/lock ] || { read_lock || :; [ "$id" != "$1" ] || rm -f $warren/lock; }; }
# What an apply that died has left is brought to one of its two ends.
recover() { # id
  case $(state) in
  armed)
    if [ "$(change_id)" != "$1" ] && waits; then
      rm -f $warren/lock
      fail $WAITING "a change by $(cat $pending/who) waits for its confirmation: \`warren confirm\` keeps it; else this host goes back in $(left) s"
    fi
    go_back stopped;;
  backing) go_back stopped;;
  confirmed) record; finish;;
  *) rm -rf $pending;;
  esac
}

# --- everything that a change needs, and everything that its way back needs, before anything is touched

stage() { # id lease generation bytes-of-secrets; the secrets and the files of the change come by stdin
  hold "$1" "$2"
  [ "$(generation)" = "$3" ] || fail $OTHER_STATE "it is at generation $(generation), and the plan was made on $3"
  for folder in $warren /etc; do roomy $folder $NEEDED_KIB $NEEDED_INODES; done
  roomy $run 512 20
  rm -rf $pending $run/secrets
  mkdir -p $pending $pending/files $run/secrets && chmod 0700 $pending $run/secrets || fail $NO_ROOM "$pending cannot be made"
  [ "$4" -eq 0 ] || head -c "$4" | tar -x -z -f - -C $run/secrets --no-same-owner || fail $NO_ROOM "the secrets do not fit on $run"
  tar -x -z -f - -C $pending --no-same-owner || fail $NO_ROOM "the change does not fit on $warren"
  head -c $RESERVE /dev/zero > $pending/reserve || fail $NO_ROOM "$warren has no space for the way back"
  echo "$1" > $pending/id
  generation > $pending/generation-before
  said=$(keep_copies 2>&1) || fail $NO_ROOM "the files that change could not be copied${said:+: ${said##*: }}"
  # How the kernel's part is now takes as long as everything that is checked.
  look > $pending/look 2>/dev/null &
  for name in warren warren_count; do nft list table inet $name > $pending/$name.table 2>/dev/null; done
  check
  wait
  : > $pending/staged
}
roomy() { # folder KiB inodes
  said=$({ touch "$1/.warren-try" && rm -f "$1/.warren-try"; } 2>&1) \
    || fail $NO_ROOM "nothing can be written to $1: ${said##*: }"
  # What is kept for root counts: a service that fills the disk must not be what keeps it from being stopped.
  set -- "$@" $(stat -f -c '%S %f %d %c' "$1")
  free=$(($4 * $5 / 1024))
  [ "$free" -ge "$2" ] || fail $NO_ROOM "$1 has $free KiB left, and a change needs $2"
  [ "$6" -ge "$3" ] || [ "$7" -eq 0 ] || fail $NO_ROOM "$1 has $6 inodes left, and a change needs $3"
}
# A service owns its home, and may put a link where one of its folders was: root would write wherever it leads.
own_folder() { # folder
  case $1 in $warren/services/*/*) ;; *) return 0;; esac
  below=${1#"$warren"/services/*/} && home=${1%"/$below"}
  [ "$(readlink -m "$1")" = "$(readlink -m "$home")/$below" ]
}
# Copies lie on the file system of what they are copies of: to rename needs no space, and is done or not done.
keep_copies() {
  number=0
  while IFS=$TAB read -r how path; do
    number=$((number + 1)) up=${path%/*}
    while [ ! -d "${up:-/}" ]; do up=${up%/*}; done
    own_folder "$up" || { echo "$up is a link that a service has made" >&2; return 1; }
    if [ -e "$path" ] || [ -L "$path" ]; then
      store=$pending/files/$number
      # Whoever reads all of a folder leaves out names that end so: pam-auth-update(8) would take it for a profile.
      [ "$(stat -c %d "$up")" = "$(stat -c %d $pending)" ] || store=$up/.warren-old.$number~
      cp -a "$path" "$store" || return 1
      printf '%s\t%s\t%s\n' "$how" "$store" "$path"
    else
      printf 'absent\t%s\t%s\n' "$up" "$path"
    fi
  done < $pending/touched > $pending/copies
}
check() {
  for tool in ip nft wg flock tar gzip sync; do command -v $tool >/dev/null || fail $UNFIT "\`$tool\` is not installed"; done
  for file in $pending/check/*.nft; do
    [ ! -e "$file" ] || said=$(nft -c -f "$file" 2>&1) || fail $UNFIT "nft refuses the rules: $said"
  done
  has_systemd || return 0
  check_units
  check_quadlets
}
check_units() {
  set -- $pending/check/units/*
  [ -e "$1" ] || return 0
  # What a unit runs may come with this very change, so only what is wrong with its words counts.
  said=$(systemd-analyze verify --man=no --generators=no "$@" 2>&1 | grep "^$pending\|^[^:]*: \(Unknown\|Service\|Timer\|Socket\)" \
    | grep -v 'not executable\|not found\|No such file') || return 0
  fail $UNFIT "systemd refuses a unit: $said"
}
check_quadlets() {
  generator=/usr/lib/systemd/user-generators/podman-user-generator
  for folder in $pending/check/quadlet/*; do
    [ -d "$folder" ] || return 0
    [ -x $generator ] || fail $UNFIT "Podman with Quadlet is not installed"
    # What stays as it is counts too: a container names the volumes that are there.
    folders=$folder:/etc/containers/systemd/users/${folder##*/}
    said=$(QUADLET_UNIT_DIRS=$folders $generator --user --dryrun 2>&1 >/dev/null) || fail $UNFIT "Quadlet refuses a unit: ${said##*]: }"
  done
}

# --- the timer, in process 1: it needs nobody of ours

arm() { # id lease window
  hold "$1" "$2"
  [ "$(state)" != armed ] || { renew "$1" "$2" "$3"; return; }
  [ -e $pending/staged ] || fail $WENT_BACK "nothing is staged any more"
  find $pending $(awk -F"$TAB" -v own=$pending/ '$1 != "absent" && index($2, own) != 1 {print $2}' $pending/copies) \
    \( -type f -o -type d \) -exec sync {} +
  # A folder that is on disk, and that nothing there names, is lost all the same.
  sync $warren ${warren%/*}
  this_boot > $run/armed
  rm -f $run/reached $run/*.done $run/*.said
  if has_systemd; then boot_unit; fi
  mv $pending/staged $pending/armed && sync $pending
  set_timer "$3"
}
boot_unit() {
  cat > $units/warren-back.service.new <<'UNIT' && sync $units/warren-back.service.new
[Unit]
Description=warren: the way back of a change that nobody has confirmed
DefaultDependencies=no
RequiresMountsFor=/var/lib/warren /etc
After=local-fs.target
Before=warren.service network-pre.target sockets.target systemd-user-sessions.service shutdown.target
Conflicts=shutdown.target
ConditionPathExists=|/var/lib/warren/pending/armed
ConditionPathExists=|/var/lib/warren/pending/backing
StartLimitIntervalSec=0

[Service]
Type=oneshot
ExecStart=/bin/sh /var/lib/warren/pending/back.sh
Restart=on-failure
RestartSec=1

[Install]
WantedBy=sysinit.target
UNIT
  mv -f $units/warren-back.service.new $units/warren-back.service
  mkdir -p $units/sysinit.target.wants /run/systemd/system
  ln -sf ../warren-back.service $units/sysinit.target.wants/warren-back.service
  sync $units $units/sysinit.target.wants
}
set_timer() { # seconds
  echo $(($(uptime) + $1)) > $run/until
  if has_systemd; then
    # A timer of one shot: started again, it begins again (systemd.timer(5), OnActiveSec is monotonic).
    printf '[Unit]\nDescription=warren: goes back unless confirmed\nDefaultDependencies=no\n[Timer]\nOnActiveSec=%s\nAccuracySec=100ms\nRemainAfterElapse=no\nUnit=warren-back.service\n' \
      "$1" > /run/systemd/system/warren-back.timer.new
    if cmp -s /run/systemd/system/warren-back.timer.new /run/systemd/system/warren-back.timer; then
      rm -f /run/systemd/system/warren-back.timer.new
    else
      mv -f /run/systemd/system/warren-back.timer.new /run/systemd/system/warren-back.timer
      systemctl daemon-reload
    fi
    systemctl restart warren-back.timer
  else
    old=$(cat $run/timer.pid 2>/dev/null || :)
    setsid sh -c 'echo $$ > /run/warren/timer.pid; sleep "$1"; exec sh /var/lib/warren/pending/back.sh' timer "$1" \
      < /dev/null > /dev/null 2>&1 8>&- &
    [ -z "$old" ] || kill -- "-$old" 2>/dev/null || :
  fi
}
end_timer() {
  if has_systemd; then systemctl stop warren-back.timer 2>/dev/null || :
  elif [ -s $run/timer.pid ]; then
    # Its last act is the way back itself, which must not end itself.
    [ "$(cat $run/timer.pid)" = $$ ] || kill -- "-$(cat $run/timer.pid)" 2>/dev/null || :
    rm -f $run/timer.pid
  fi
}
left() { [ -s $run/until ] && echo $(($(cat $run/until) - $(uptime))) || echo 0; }
waits() {
  [ "$(left)" -ge -5 ] || return 1
  if has_systemd; then systemctl -q is-active warren-back.timer
  else [ -s $run/timer.pid ] && kill -0 "$(cat $run/timer.pid)" 2>/dev/null; fi
}
renew() { # id lease window; told over a connection that was opened for it
  hold "$1" "$2"
  [ "$(state)" = armed ] && [ "$(change_id)" = "$1" ] || fail $WENT_BACK "it went back already"
  set_timer "$3"
}

# --- the change itself, in process 1 as well: the end of the connection does not end it

begin() { # half
  rm -f $run/$1.done $run/$1.said
  if has_systemd; then
    # What a step has started must outlive the change: wireguard-go is such.
    systemd-run --quiet --collect --unit="warren-$1-$(change_id)" --property=KillMode=process \
      --property=StandardOutput=null --property=StandardError=null /bin/sh $pending/change.sh "$1"
  else
    setsid sh $pending/change.sh "$1" < /dev/null > /dev/null 2>&1 8>&- &
    echo $! > $run/change.pid
  fi
}
runs() {
  if has_systemd; then systemctl -q is-active "warren-$1-$(change_id).service"
  else [ -s $run/change.pid ] && kill -0 "$(cat $run/change.pid)" 2>/dev/null; fi
}
switch() { # id lease half seconds; told again, it waits on
  hold "$1" "$2"
  [ "$(state)" = armed ] && [ "$(change_id)" = "$1" ] || gone_back "$1"
  [ -e $pending/began.$3 ] || { : > $pending/began.$3; begin "$3"; }
  await "$3" "$4"
}
await() { # half seconds: `done CODE` with what was said, `running STEP`, or `lost` where it was killed
  end=$(($(uptime) + $2))
  while :; do
    if [ -e $run/$1.done ]; then echo "done $(cat $run/$1.done)"; cat $run/$1.said 2>/dev/null; return; fi
    runs "$1" || { [ -e $run/$1.done ] || { echo lost; return; }; continue; }
    [ "$(uptime)" -lt "$end" ] || { echo "running $(cat $run/reached 2>/dev/null)"; return; }
    sleep 0.05
  done
}
# Told before every step with its number; whoever tests what happens there plants the file.
reached() { echo "$half $1" > $run/reached; [ ! -e $run/fault ] || . $run/fault; }
carry_out() { # half
  half=$1
  exec 9> $run/changing; flock 9
  ($half) 2> $run/$half.said < /dev/null 9>&-
  code=$?
  echo $code > $run/$half.done.new; mv -f $run/$half.done.new $run/$half.done
}
end_change() {
  if has_systemd; then
    for part in first second; do
      unit=warren-$part-$(change_id).service
      group=$(systemctl show -P ControlGroup "$unit" 2>/dev/null)
      for root in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
        [ -n "$group" ] && [ -e "$root$group/cgroup.procs" ] || continue
        for one in $(cat "$root$group/cgroup.procs"); do
          [ "$(cat "/proc/$one/comm" 2>/dev/null)" = wireguard-go ] || kill -9 "$one" 2>/dev/null || :
        done
      done
      command systemctl stop "$unit" 2>/dev/null || :
    done
  elif [ -s $run/change.pid ]; then
    kill -9 -- "-$(cat $run/change.pid)" 2>/dev/null || :
    rm -f $run/change.pid
  fi
}

# --- the two ends

confirm() { # id lease
  hold "$1" "$2"
  case $(state) in confirmed) [ "$(change_id)" = "$1" ] && return;; armed) ;; *) gone_back "$1";; esac
  [ "$(change_id)" = "$1" ] || gone_back "$1"
  settle_all
  # The one moment that decides: whoever renames the file first, this or the way back.
  mv $pending/armed $pending/confirmed 2>/dev/null || gone_back "$1"
  sync $pending
  end_timer
  record
}
# What has come lies in folders that may have come with it: each is named by one that was there.
settle_all() {
  set --
  while read -r path; do [ ! -e "$path" ] || set -- "$@" "$path"; done <<COPIED
$(awk -F"$TAB" '{
  print path = $3
  do {sub("/[^/]*$", "", path); print path} while ($1 == "absent" && length(path) > length($2))
}' $pending/copies | sort -u)
COPIED
  [ $# -eq 0 ] || sync "$@"
}
gone_back() { fail $WENT_BACK "it went back already$(sed -n "s/^$1 /: /p" $warren/last 2>/dev/null)"; }
record() {
  new=$(cat $pending/generation-new)
  if [ -d $pending/generation ]; then
    mkdir -p $warren/generations
    rm -rf "$warren/generations/$new"
    mv $pending/generation "$warren/generations/$new"
    stamp > "$warren/generations/$new/when"
    sync -f $warren
    log_line applied
  fi
  echo "$new" | put $warren/generation
}
log_line() { # outcome
  [ -e $pending/entry ] || return 0
  printf '%s, "outcome": "%s", "when": "%s"}\n' "$(cat $pending/entry)" "$1" "$(stamp)" >> $warren/log
  tail -n 200 $warren/log > $warren/log.new && mv -f $warren/log.new $warren/log
}
forget() { # id: every host has confirmed, so the way back goes
  guarded
  if [ "$(state)" = confirmed ] && [ "$(change_id)" = "$1" ]; then finish; fi
  unlock "$1"
}
finish() {
  if [ -e $pending/has-after ]; then
    [ -e $pending/began.after ] || { : > $pending/began.after; begin after; }
    await after 120 > /dev/null
  fi
  [ ! -e /etc/warren/boot.sh ] || sh /etc/warren/boot.sh record < /dev/null
  clear_away
  ls $warren/generations | sort -n | head -n -20 | while read -r old; do rm -rf "$warren/generations/${old:?}"; done
}
clear_away() {
  end_timer
  awk -F"$TAB" -v own=$pending/ '$1 != "absent" && index($2, own) != 1 {print $2}' $pending/copies 2>/dev/null \
    | while read -r path; do rm -f "$path"; done
  rm -rf $run/secrets $run/armed $run/until $run/reached $run/change.pid $run/*.done $run/*.said $warren/pending.old
  # Gone at once or not at all.
  mv $pending $warren/pending.old && sync $warren && rm -rf $warren/pending.old
  if has_systemd && [ -e $units/warren-back.service ]; then
    rm -f $units/sysinit.target.wants/warren-back.service $units/warren-back.service /run/systemd/system/warren-back.timer
    rmdir $units/sysinit.target.wants 2>/dev/null || :
    systemctl --no-block daemon-reload 2>/dev/null || :
  fi
}

back() { # id why seconds: told; `done`, `running`, or nothing to do
  guarded
  case $(state) in
  '') sed -n "s/^$1 /went /p" $warren/last 2>/dev/null; unlock "$1"; return;;
  staged) rm -rf $pending $run/secrets; unlock "$1"; echo "went back untouched"; return;;
  confirmed) [ "$(change_id)" = "$1" ] || fail $LOCKED "another change stands here"; mv $pending/confirmed $pending/backing;;
  *) [ "$(change_id)" = "$1" ] || fail $LOCKED "another change stands here";;
  esac
  go_back "$2"
  sed -n "s/^$1 /went /p" $warren/last
  unlock "$1"
}
go_back() { # why
  echo "$1" > $pending/why
  if has_systemd; then
    systemctl reset-failed warren-back.service 2>/dev/null || :
    [ -e $units/warren-back.service ] || { boot_unit; systemctl daemon-reload; }
    systemctl start warren-back.service || :
  else
    sh $pending/back.sh < /dev/null > $run/back.said 2>&1 8>&- || :
  fi
}

# --- the way back; it can be begun again from wherever it was stopped, and needs no space that it does not have

going_back() {
  exec 7< $pending && flock 7
  [ -e $pending/armed ] || [ -e $pending/backing ] || exit 0
  mv $pending/armed $pending/backing 2>/dev/null && sync $pending
  why=$(cat $pending/why 2>/dev/null) booting=
  if [ ! -e $run/armed ]; then booting=yes why=${why:-restart}; mkdir -p $run; fi
  why=${why:-window}
  rm -f $pending/reserve
  end_change
  [ -z "$booting" ] || wait_for_nobody
  take_away
  restore
  if has_systemd; then systemctl daemon-reload; fi
  converge_back
  put_again
  as_before && outcome="back" || outcome="back, not equal"
  restore_generation
  echo "$(change_id) $outcome: $why" | put $warren/last
  log_line "$outcome: $why"
  # Nobody changes this host any more, whoever held it for that.
  unlock "$(change_id)"
  clear_away
}
# At boot nothing of ours runs yet and the manager waits for us: what it is told, it does later.
wait_for_nobody() { systemctl() { command systemctl --no-block "$@"; }; }
# Whether a change had begun when it was stopped; after a restart everybody takes it for begun.
was_reached() { # half step
  [ -z "$booting" ] || return 0
  [ -s $run/reached ] && read -r at_half at_step < $run/reached || return 1
  case $at_half,$1 in first,second) return 1;; second,first|after,*) return 0;; esac
  [ "$at_step" -gt "$2" ]
}
restore() {
  while IFS=$TAB read -r how store path; do
    own_folder "${path%/*}" || continue
    rm -f "$path.warren-new"
    case $how in
    absent)
      rm -f "$path"
      folder=${path%/*}
      while [ "$folder" != "$store" ] && [ "${#folder}" -gt "${#store}" ]; do rmdir "$folder" 2>/dev/null || break; folder=${folder%/*}; done;;
    in-place) cmp -s "$store" "$path" || cp -p "$store" "$path";;
    *) put_file "$store" "$path";;
    esac
  done < $pending/copies
}
put_file() {
  mkdir -p "${2%/*}"
  [ "$(stat -c '%a %u %g' "$1")" = "$(stat -c '%a %u %g' "$2" 2>/dev/null)" ] && cmp -s "$1" "$2" && return
  rm -f "$2.warren-new"
  { ln "$1" "$2.warren-new" 2>/dev/null || cp -a "$1" "$2.warren-new"; } && sync "$2.warren-new" && mv -f "$2.warren-new" "$2"
  sync "${2%/*}"
}
converge_back() {
  sh $pending/old.sh || :
  [ -z "$booting" ] || return 0
  look | cmp -s - $pending/look && return
  echo "warren: not as before, and made anew:"; look | diff $pending/look - | grep '^[<>]' | sed 20q
  sh $pending/dismantle.sh > /dev/null 2>&1 || :
  sh $pending/old.sh || :
  enter_anew
}
# What is left different is kept for whoever asks why.
as_before() { [ -n "$booting" ] || look | diff $pending/look - > $warren/differs && rm -f $warren/differs; }
restore_generation() {
  new=$(cat $pending/generation-new) old=$(cat $pending/generation-before)
  [ "$(generation)" != "$new" ] || { rm -rf "$warren/generations/${new:?}"; echo "$old" | put $warren/generation; }
}
# The kernel's part as text without what changes by itself: counters, handshakes, ends that move, limits in use.
look() {
  ip -4 -d rule | grep 'proto 86$' | sort; ip -6 -d rule | grep 'proto 86$' | sort
  for family in 4 6; do ip -$family route show table all proto 86 | sed 's/ linkdown//; s/ dead//' | sort; done
  ip -o link show group 86 | awk '{sub(/[@:].*/, "", $2); for (i = 3; i < NF; i++) if ($i == "mtu") print $2, $(i + 1)}' | sort
  ip -o addr show group 86 | awk '$4 !~ /^fe80:/ {print $2, $4}' | sort
  wg show all dump 2>/dev/null | awk 'NF == 5 {print $1, $3} NF == 9 {print $1, $2, $5}' | sort
  ls /run/netns 2>/dev/null | sort | while read -r space; do
    echo "in $space"
    printf 'addr show\nroute show table all\n' | ip -n "$space" -o -batch - 2>/dev/null
  done | awk '/^in / {print; space = $2} /^[0-9]+: / && $4 !~ /^fe80:/ {print space, $2, $4} / proto 86 / {print space, $0}' | sort
  # A set or a chain is one line: nft lists them in the order in which they were made.
  nft -s list table inet warren 2>/dev/null | awk '
    /^\t[a-z].*{$/ {block = $0; moving = 0; next}
    /flags .*(dynamic|timeout)/ {moving = 1}
    /^\t}/ {if (moving) sub(/ \| \t\telements = .*/, "", block); print block; next}
    {block = block " | " $0}' | sort
}

# --- what a person asks

status() {
  printf 'generation %s\nstate %s\nid %s\nhosts %s\nleft %s\n' "$(generation)" "$(state)" "$(change_id)" "$(cat $pending/hosts 2>/dev/null)" "$(left)"
  [ ! -e $warren/last ] || sed 's/^/last /' $warren/last
}
history() { cat $warren/log 2>/dev/null || :; }
recall() { # the newest generation that is not newer than N: its number, and its state
  found=$(ls $warren/generations 2>/dev/null | awk -v most="$1" '$1 <= most' | sort -n | tail -n 1)
  [ -n "$found" ] || fail $UNFIT "it keeps no generation $1, and none before"
  echo "$found"; cat "$warren/generations/$found/state.json"
}
