#!/bin/bash
# drift: on the real kernel, what is changed by hand while serve runs is healed.
# shellcheck source=Tests/KernelVM/scenario.sh
. Tests/KernelVM/scenario.sh

key=$(new_key) foreign=$(new_key)
interface
peer laptop "$key" 2 'routes: [192.168.60.0/24]'
printf 'kind: Settings\nreconcile: {interval: 5s}\n' >"$config/settings.yaml"
serve

# healed WHAT COMMAND...: do it, then wait for an empty plan.
healed() {
    local what=$1
    shift
    "$@"
    sleep 0.5
    within 60 wirebuddy plan
    echo "drift: $what healed"
}

healed "an address" ip address del 10.8.0.1/24 dev wg0
ip address show dev wg0 | grep -q 10.8.0.1/24
healed "link state" ip link set wg0 down
healed "the table" nft delete table inet wirebuddy
nft list table inet wirebuddy >/dev/null
healed "a route" ip route del 192.168.60.0/24
ip route show 192.168.60.0/24 | grep -q wg0
healed "forwarding" sysctl -qw net.ipv4.ip_forward=0
[ "$(sysctl -n net.ipv4.ip_forward)" = 1 ]
healed "the link" ip link del wg0
has_peer "$key"
wg set wg0 peer "$key" remove
within 60 has_peer "$key"
wg set wg0 peer "$foreign" allowed-ips 10.8.0.99/32
within 60 has_no_peer "$foreign"
stop TERM
expect 0 plan
expect 0 down
nothing_left
