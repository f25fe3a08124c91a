#!/bin/bash
# kernel: the VM has what the scenarios need: the WireGuard module, nftables, network namespaces.
set -euo pipefail

uname -r
modprobe wireguard
ip link add wg0 type wireguard
ip link show wg0
wg genkey | wg set wg0 listen-port 51820 private-key /dev/stdin
[ "$(wg show wg0 listen-port)" = 51820 ]
nft add table inet probe
nft list ruleset
ip netns add probe
ip link add name probe0 type veth peer name probe1 netns probe
echo "kernel: good"
