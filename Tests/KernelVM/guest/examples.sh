#!/bin/bash
# examples: on the real kernel, plan lists creates, apply does them, the second plan is empty, down leaves nothing.
# shellcheck source=Tests/KernelVM/scenario.sh
. Tests/KernelVM/scenario.sh

for site in berlin paris; do (umask 077; wg genkey >"$here/state/secrets/$site.key"); done
before=$(sysctl -a --pattern 'forward|accept_ra|promote' 2>/dev/null)
for example in quickstart homelab site-to-site/berlin site-to-site/paris; do
    rm -rf "$config"
    cp -R "examples/$example" "$config"
    expect 2 plan
    grep -q create "$here/out"
    expect 0 apply
    ip -d link show wg0 | grep -q wireguard
    [ "$(cat /proc/*/comm 2>/dev/null | grep -c wireguard-go)" = 0 ]
    expect 0 plan
    expect 0 apply
    expect 0 plan
    expect 0 down
    nothing_left
    [ "$(sysctl -a --pattern 'forward|accept_ra|promote' 2>/dev/null)" = "$before" ]
    echo "examples: $example good"
done
