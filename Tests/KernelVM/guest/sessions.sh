#!/bin/bash
# sessions: on the real kernel, a device pings through the tunnel while other peers come, change and go: no loss.
# shellcheck source=Tests/KernelVM/scenario.sh
. Tests/KernelVM/scenario.sh

device
interface
peer device "$(wg pubkey <"$here/device.key")" 2
other=$(new_key)
peer other "$other" 3
serve
connect

# The program itself, which is to be told when it is enough.
ip netns exec device ping -n -q -i 0.05 10.8.0.1 >"$here/ping" &
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
