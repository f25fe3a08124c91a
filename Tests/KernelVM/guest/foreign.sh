#!/bin/bash
# foreign: on the real kernel, a link that took our name over is not touched without consent, and adoption keeps it.
# shellcheck source=Tests/KernelVM/scenario.sh
. Tests/KernelVM/scenario.sh

theirs=$(new_key) ours=$(new_key)
ip link add wg0 type wireguard
wg set wg0 listen-port 51999 peer "$theirs" allowed-ips 10.99.0.2/32
ip address add 10.99.0.1/24 dev wg0
before=$(wg showconf wg0; ip address show dev wg0)
interface
peer laptop "$ours" 2
expect 11 plan
grep -q adopt "$here/out"
code=0
wirebuddy apply >/dev/null 2>&1 || code=$?
[ "$code" != 0 ]
[ "$(wg showconf wg0; ip address show dev wg0)" = "$before" ]
expect 0 apply --adopt wg0
has_peer "$theirs"
has_peer "$ours"
expect 0 plan
