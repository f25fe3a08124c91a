# shellcheck shell=bash
# scenario: what every guest script starts with: a configuration folder, the binary, checks that say what they expected.
set -euo pipefail

# A scenario that restarts the VM names a directory on its disk.
here=${here:-$(mktemp -d)}
config=$here/config
mkdir -p "$config/interfaces" "$config/peers/wg0" "$here/state/secrets"
chmod 700 "$here/state" "$here/state/secrets"
touch "$here/wirebuddy.yaml"
daemon=

# failed LINE COMMAND: where a scenario stopped, and what the daemon said.
failed() {
    echo "stopped at line $1: $2"
    [ ! -f "$here/serve.log" ] || tail -n 40 "$here/serve.log"
}
trap 'failed "$LINENO" "$BASH_COMMAND"' ERR

wirebuddy() { "$WIREBUDDY" "$@" --config "$config" --state "$here/state" --host-file "$here/wirebuddy.yaml"; }

# expect CODE COMMAND...: run a command of wirebuddy and check its exit code.
expect() {
    local wanted=$1 code=0
    shift
    wirebuddy "$@" >"$here/out" 2>&1 || code=$?
    if [ "$code" != "$wanted" ]; then
        cat "$here/out"
        [ ! -f "$here/serve.log" ] || tail -n 40 "$here/serve.log"
        echo "wirebuddy $*: exit $code, expected $wanted"
        exit 1
    fi
}

# within SECONDS COMMAND...: wait until a command succeeds.
within() {
    local until=$((SECONDS + $1))
    shift
    while ! "$@" >/dev/null 2>&1; do
        if [ $SECONDS -gt $until ]; then
            [ ! -f "$here/serve.log" ] || tail -n 40 "$here/serve.log"
            echo "not in time: $*"
            exit 1
        fi
        sleep 0.2
    done
}

# start: start the daemon, and wait for nothing.
start() {
    # The program itself, not a function of this shell: $! has to be its pid.
    "$WIREBUDDY" serve --config "$config" --state "$here/state" --host-file "$here/wirebuddy.yaml" \
        >>"$here/serve.log" 2>&1 &
    daemon=$!
}

# serve: start the daemon and wait until there is nothing left to do.
serve() {
    start
    within 120 wirebuddy plan
}

# stop SIGNAL: end the daemon; its exit code must be 0 unless it was killed.
stop() {
    kill -"$1" "$daemon"
    wait "$daemon" || [ "$1" = KILL ]
}

# interface: the document of wg0, by the kernel module.
interface() {
    printf '%s\n' 'kind: Interface' 'name: wg0' 'address: [10.8.0.1/24, "fd42:8::1/64"]' 'listen_port: 51820' \
        'backend: kernel' >"$config/interfaces/wg0.yaml"
}

# peer NAME KEY NUMBER [LINE...]
peer() {
    local name=$1 key=$2 number=$3
    shift 3
    printf '%s\n' 'kind: Peer' "name: $name" 'interface: wg0' "ip: 10.8.0.$number" "public_key: $key" \
        'routing_mode: vpn_only' "$@" >"$config/peers/wg0/$name.yaml"
}

new_key() { wg genkey | wg pubkey; }

# device: a namespace with a device, and a network between it and this host. Its key outlives a restart with $here.
device() {
    ip netns add device
    ip link add name up0 type veth peer name eth0 netns device
    ip address add 192.0.2.1/24 dev up0
    ip link set up0 up
    inside ip address add 192.0.2.2/24 dev eth0
    inside ip link set eth0 up
    inside ip link add wg0 type wireguard
    [ -f "$here/device.key" ] || (umask 077; wg genkey >"$here/device.key")
    inside wg set wg0 private-key "$here/device.key"
    inside ip address add 10.8.0.2/24 dev wg0
    inside ip link set wg0 up
}

# inside COMMAND...: run a command on the device.
inside() { ip netns exec device "$@"; }

# connect: point the device's tunnel at this host, and wait until it carries.
connect() {
    inside wg set wg0 peer "$(wg show wg0 public-key)" endpoint 192.0.2.1:51820 allowed-ips 10.8.0.0/24
    within 60 gets_in
}

gets_in() { inside ping -q -c 1 -W 1 10.8.0.1; }

# restart: the power goes: nothing that runs is told, and what is not on the disk is lost. It begins with the script of this VM
# again, in an empty kernel. announce_restart comes some time before, and is on the disk.
announce_restart() {
    touch "$DISK/restart-announced"
    sync
}
restart() {
    echo b >/proc/sysrq-trigger
    sleep 60
}

has_peer() { wg show wg0 peers | grep -qxF "$1"; }
has_no_peer() { ! has_peer "$1"; }

# nothing_left: no trace of us in this namespace.
nothing_left() {
    [ -z "$(wg show interfaces)" ] || { echo "left: $(wg show interfaces)"; return 1; }
    ! nft list table inet wirebuddy 2>/dev/null || { echo "left: the table"; return 1; }
}
