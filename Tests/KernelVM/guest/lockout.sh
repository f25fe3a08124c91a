#!/bin/bash
# lockout: on the real kernel, a change that cuts the admin's own tunnel is undone when the VM is restarted in the window,
# after which this script begins again.
here=$DISK/lockout
window=20
# shellcheck source=Tests/KernelVM/scenario.sh
. Tests/KernelVM/scenario.sh

commit() {
    git -C "$config" add -A
    git -C "$config" -c user.name=admin -c user.email=admin@example.com commit -q -m "$1"
    git -C "$config" rev-parse HEAD
}

# status QUERY: what the status says, whatever its exit code says of it.
status() { { wirebuddy status --format json || true; } | jq -r "$1"; }
is_state() { [ "$(status .checkpoint.state)" = "$1" ]; }
is_moved() { wg show wg0 allowed-ips | grep -q 10.8.0.77/32; }

# lock_out: a revision that moves the admin's device to another address, disables one peer, and is in force now on trial.
lock_out() {
    peer admin "$(wg pubkey <"$here/device.key")" 77
    peer disabled "$(cat "$here/disabled")" 3 'enabled: false'
    tried=$(commit "lock out")
    sync -f "$here"
    within 60 is_moved
    if gets_in; then echo "the admin still gets in"; return 1; fi
}

# confirmed_again: the confirmed revision is in force, and what was tried is refused.
confirmed_again() {
    is_state rolled-back
    [ "$(status '.checkpoint.tried + " " + .last_applied.id')" = "$tried $good" ]
    has_no_peer "$(cat "$here/disabled")"
    has_peer "$(cat "$here/stays")"
    expect 11 plan
    grep -q rolled-back "$here/out"
}

if [ ! -e "$here/boot" ]; then
    device
    for name in disabled revoked stays; do new_key >"$here/$name"; done
    interface
    peer admin "$(wg pubkey <"$here/device.key")" 2
    peer disabled "$(cat "$here/disabled")" 3
    peer revoked "$(cat "$here/revoked")" 4
    peer stays "$(cat "$here/stays")" 5
    printf 'kind: Settings\nreconcile: {interval: 5s, confirm: %ss}\n' "$window" >"$config/settings.yaml"
    git init -q -b main "$config"
    good=$(commit good)
    serve
    connect

    # Restarted in the window: what the gateway has not brought to the disk by then is lost.
    git -C "$config" rev-parse HEAD >"$here/good"
    announce_restart
    lock_out
    within 10 is_state waiting
    echo "$tried" >"$here/tried"
    wirebuddy revoke "$(cat "$here/revoked")" --for 24h
    cat /proc/sys/kernel/random/boot_id >"$here/boot"
    sync "$here/tried" "$here/boot"
    echo "lockout: restarting in the window, $(cut -d. -f1 /proc/uptime) s after the start"
    restart
fi

[ "$(cat /proc/sys/kernel/random/boot_id)" != "$(cat "$here/boot")" ]
[ -z "$(wg show interfaces)" ]
good=$(cat "$here/good") tried=$(cat "$here/tried")
device
start
within 120 ip link show wg0
connect
echo "lockout: let in again $(cut -d. -f1 /proc/uptime) s after the restart"
within 20 is_state rolled-back
confirmed_again
has_no_peer "$(cat "$here/revoked")"
# Also asked for it does not come back, and nobody is cut off again.
expect 11 apply
confirmed_again
gets_in
stop TERM
expect 0 down
nothing_left
