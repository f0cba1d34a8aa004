# Everything that a plan could touch, and everything beside it, a line each; without the numbers that a kernel gives out.
export LC_ALL=C
space() {
    echo "== space $*"
    ip "$@" -d -o addr |
        sed -E 's/^[0-9]+: //; s/@if[0-9]+//; s/@eth0//; s/ link-netns(id)? [^ ]+//; s/ (link\/ether|brd|permaddr) [^ ]+//g; s/\\ +valid_lft.*//' |
        grep -v ' scope link '
    ip "$@" -d link | sed -E 's/^[0-9]+: //; s/@[^:]+//; s/ link-netns(id)? [^ ]+//; s/link\/ether.*promisc/promisc/; s/qdisc [a-z]+//'
    ip "$@" route show table all | grep -v 'table local\|^fe80::/64\|^multicast\|^local'
    ip "$@" -4 rule
    ip "$@" -6 rule
}
space
for n in $(ip netns list | cut -d' ' -f1 | sort); do space -n "$n"; done
echo '== wireguard'
wg show all dump | awk -F'\t' 'NF==5 {print $1, $3} NF==9 {print $1, $2, $5, $9}'
echo '== files'
find /etc/netns /etc/warren /var/lib/warren /etc/wireguard -type f ! -name '*.key' 2>/dev/null | sort |
    while read -r f; do stat -c '%a %n' "$f"; sed 's/^/  /' "$f"; done
echo '== settings'
grep -s . /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding /proc/sys/net/ipv4/conf/*/rp_filter
echo '== nft'
nft -j list ruleset
