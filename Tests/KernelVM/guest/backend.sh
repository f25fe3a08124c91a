#!/bin/bash
# backend: the tests of Netlink and of the kernel backend that need the WireGuard module, against that module.
set -euo pipefail

modprobe -a wireguard veth dummy tun bridge nf_tables
tests=.build/debug/wirebuddyPackageTests.xctest
export TMPDIR=/tmp
"$tests" --testing-library swift-testing --filter 'KernelWireGuardTests|KernelLinkTests|KernelRouteTests|KernelEventTests|KernelLinksTests|KernelRoutesTests' | tee /tmp/backend.log
if grep -q SKIPPED /tmp/backend.log; then
    echo "backend: tests were skipped in the VM"
    exit 1
fi
echo "backend: good"
