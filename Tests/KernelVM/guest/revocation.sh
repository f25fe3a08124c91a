#!/bin/bash
# revocation: on the real kernel, a peer that is disabled, removed or revoked is gone after the pass.
# shellcheck source=Tests/KernelVM/scenario.sh
. Tests/KernelVM/scenario.sh

a=$(new_key) b=$(new_key) c=$(new_key) stays=$(new_key)
interface
peer stays "$stays" 2
peer a "$a" 3
peer b "$b" 4
peer c "$c" 5
expect 0 apply
peer a "$a" 3 'enabled: false'
rm "$config/peers/wg0/b.yaml"
expect 0 apply
wirebuddy revoke "$c" --for 24h
expect 0 apply
has_peer "$stays"
for key in "$a" "$b" "$c"; do has_no_peer "$key"; done
expect 0 plan
expect 0 down
nothing_left
