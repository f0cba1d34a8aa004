# Three places joined in a row, client - gateway - home, with a real sshd in the last two; no machine's own sshd is touched.
# In: a folder with authorized_keys. Out: `ready` on stdout; then it stays. Runs as root in namespaces of its own.
set -eu
cd "$1"
mount --make-rprivate /
mount -t tmpfs tmpfs /run
mkdir -p /run/sshd /run/netns
umask 022
mkdir -p home/admin home/plain
printf 'admin:x:2001:2001::%s/home/admin:/bin/bash\nplain:x:2002:2002::%s/home/plain:/bin/sh\n' "$1" "$1" | cat /etc/passwd - >passwd
printf 'admin:x:2001:\nplain:x:2002:\n' | cat /etc/group - >group
printf 'admin:*:1::::::\nplain:*:1::::::\n' | cat /etc/shadow - >shadow
printf 'root ALL=(ALL) ALL\nadmin ALL=(ALL) NOPASSWD: ALL\nplain ALL=(ALL) ALL\nDefaults use_pty\n' >sudoers
# What a login says by itself must not be taken for what a script says.
echo 'echo noise; echo noise >&2' >home/admin/.bashrc
chmod 640 shadow
chmod 440 sudoers
for each in passwd group shadow sudoers; do mount --bind "$each" "/etc/$each"; done

ip link set lo up
for each in gateway home; do ip netns add "$each" && ip -n "$each" link set lo up; done
ip link add c0 type veth peer name g0 netns gateway
ip -n gateway link add g1 type veth peer name h0 netns home
ip addr add 10.9.0.1/24 dev c0
ip link set c0 up
ip -n gateway addr add 10.9.0.2/24 dev g0
ip -n gateway addr add 10.9.1.1/24 dev g1
ip -n home addr add 10.9.1.2/24 dev h0
ip -n gateway link set g0 up
ip -n gateway link set g1 up
ip -n home link set h0 up

for each in gateway home; do
  ssh-keygen -q -t ed25519 -N '' -f "$each.key"
  cat >"$each.conf" <<END
Port 22
Port 2222
HostKey $1/$each.key
AuthorizedKeysFile $1/authorized_keys
PidFile $1/$each.pid
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
END
  ip netns exec "$each" /usr/sbin/sshd -f "$each.conf" -E "$each.log"
done
echo ready
exec sleep infinity
