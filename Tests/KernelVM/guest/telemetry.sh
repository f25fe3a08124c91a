#!/bin/bash
# telemetry: on the real kernel, whose counters of a link are those of encrypted messages, the traffic of an interface is
# told in inner bytes, and that of a peer as wg tells it.
# shellcheck source=Tests/KernelVM/scenario.sh
. Tests/KernelVM/scenario.sh

device
interface
peer device "$(wg pubkey <"$here/device.key")" 2
printf 'kind: Settings\ntelemetry: {sample_interval: 5s}\n' >"$config/settings.yaml"
serve
connect

# ask PATH: an answer of the daemon.
ask() { (cd "$here/state" && curl -sS --fail --unix-socket wirebuddy.sock "http://localhost$1"); }

# totals PATH: what was received and sent.
totals() { ask "$1" | jq -r '.data.totals | "\(.rx) \(.tx)"'; }

# near BYTES PATH: both directions are within 1 % of so many bytes.
near() {
    totals "$2" | awk -v b="$1" '{ exit !($1 >= b * 0.99 && $1 <= b * 1.01 && $2 >= b * 0.99 && $2 <= b * 1.01) }'
}

# as_wg PATH: both directions are what wg says.
as_wg() { [ "$(totals "$1")" = "$(wg show wg0 transfer | awk '{ print $2, $3 }')" ]; }

# Small packets, of which the encryption is a large part, and those that fill the tunnel.
total=0
for size in 144 1420; do
    inside ping -n -q -c 1000 -i 0.002 -s $((size - 28)) 10.8.0.1 >"$here/ping"
    cat "$here/ping"
    grep -q ' 0% packet loss' "$here/ping"
    total=$((total + 1000 * size))
    within 60 near "$total" /api/metrics/interfaces/wg0
    echo "telemetry: $(totals /api/metrics/interfaces/wg0) of $total inner bytes, the link says" \
        "$(cat /sys/class/net/wg0/statistics/rx_bytes /sys/class/net/wg0/statistics/tx_bytes | xargs)"
done
within 60 as_wg "/api/metrics/peers/$(ask /api/peers | jq -r '.data.peers[0].id')"
near "$total" /api/metrics/interfaces/wg0
stop TERM
expect 0 down
nothing_left
