#!/usr/bin/env bash
# client.sh NAME [INTERFACE]: create a peer, write its QR code to NAME.png, print the drift report. Needs curl and jq.
# The gateway's address is in WIREBUDDY_URL, a token of an admin with permission `full` in WIREBUDDY_API_TOKEN.
set -euo pipefail
name=${1:?name of the peer} interface=${2:-wg0}
url=${WIREBUDDY_URL:-http://127.0.0.1:8080}

# The token goes to curl through a file descriptor: arguments can be read by everybody on this host.
api() {
    curl --silent --show-error --fail-with-body --header @<(echo "Authorization: Bearer $WIREBUDDY_API_TOKEN") "$@"
}

# With this header the peer is made once, even when the answer is lost and the request repeated.
key=$(cat /proc/sys/kernel/random/uuid)
body=$(jq -n --arg name "$name" --arg interface "$interface" '{name: $name, interface: $interface}')
peer=$(api --header "Content-Type: application/json" --header "Idempotency-Key: $key" --data "$body" "$url/api/peers")
id=$(jq -r .data.id <<<"$peer")
jq -r '"\(.data.name): \(.data.ip), \(.reconcile.state)"' <<<"$peer"

api --output "$name.png" "$url/api/peers/$id/qrcode"
echo "$name.png"

api "$url/api/drift" | jq -r '.data | "drift: \(.changes | length)", (.changes[] | "  \(.action) \(.kind) \(.name)")'
