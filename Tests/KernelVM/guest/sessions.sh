#!/bin/bash
# sessions: on the real kernel, a device pings through the tunnel while other peers come, change and go: no loss.
# shellcheck source=Tests/KernelVM/scenario.sh
. Tests/KernelVM/scenario.sh

ip netns add device
ip link add name up0 type veth peer name eth0 netns device
ip address add 192.0.2.1/24 dev up0
ip link set up0 up
inside=(ip netns exec device)
"${inside[@]}" ip address add 192.0.2.2/24 dev eth0
"${inside[@]}" ip link set eth0 up
"${inside[@]}" ip link add wg0 type wireguard
wg genkey >"$here/device.key"
"${inside[@]}" wg set wg0 private-key "$here/device.key"
"${inside[@]}" ip address add 10.8.0.2/24 dev wg0
"${inside[@]}" ip link set wg0 up

interface
peer device "$(wg pubkey <"$here/device.key")" 2
other=$(new_key)
peer other "$other" 3
serve
"${inside[@]}" wg set wg0 peer "$(wg show wg0 public-key)" endpoint 192.0.2.1:51820 allowed-ips 10.8.0.0/24
within 60 "${inside[@]}" ping -q -c 1 -W 1 10.8.0.1

"${inside[@]}" ping -n -q -i 0.05 10.8.0.1 >"$here/ping" &
ping=$!
sleep 1
for number in $(seq 20 40); do peer "p$number" "$(new_key)" "$number"; done
expect 0 apply
peer other "$other" 4
expect 0 apply
rm "$config/peers/wg0/other.yaml"
peer renamed "$other" 4
expect 0 apply
peer renamed "$other" 4 'enabled: false'
expect 0 apply
has_no_peer "$other"
stop KILL
peer late "$(new_key)" 50
serve
sleep 1
kill -INT "$ping"
wait "$ping" || true
cat "$here/ping"
grep -q ' 0% packet loss' "$here/ping"
stop TERM
expect 0 down
nothing_left
