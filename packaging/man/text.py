"""What the program can't say of itself: the sections of wirebuddy(1) beside its commands, and examples of files."""

SECTIONS = [
    (
        "EXIT STATUS",
        [
            ("0", "Done, or in sync."),
            ("1", "An error."),
            ("2", "Changes or drift were found (plan, drift)."),
            ("10", "The configuration is not valid."),
            ("11", "A rail refuses the change."),
            ("12", "The plan is stale, or what was to be changed is no longer as it was."),
            ("13", "Another process holds the lock."),
            ("14", "Applied in part."),
            ("15", "Rolled back, or the rollback failed."),
            ("16", "Not within the time that was given."),
            ("64", "The command line is wrong."),
        ],
    ),
    (
        "FILES",
        [
            ("/etc/wirebuddy.yaml", "What the host trusts: wirebuddy.yaml(5)."),
            ("/etc/wirebuddy/", "The configuration, best a git repository: wirebuddy-config(5)."),
            ("/etc/wirebuddy.d/", "Programs that run after a pass."),
            ("/var/lib/wirebuddy/", "Keys and databases of this host. Back it up."),
            ("/run/wirebuddy/", "Locks, and the socket by which the commands talk to the daemon."),
        ],
    ),
    (
        "ENVIRONMENT",
        [("NO_COLOR", "No colours, also on a terminal.")],
    ),
]

HOST_EXAMPLE = """
repository: {remote: origin, poll: 60s}
api:
  listen: ["10.8.0.1:8080"]
  socket_group: wirebuddy
"""

DOCUMENTS = """
A repository holds YAML files of one or more documents each, in any layout. Each document names its kind. Secrets stand \
in it sealed to the key of the host. wirebuddy-validate(1) checks it, wirebuddy-schema(1) prints the JSON Schemas that \
editors use.
"""

DOCUMENT_EXAMPLE = """
kind: Interface
name: wg0
address: [10.8.0.1/24, "fd42:8::1/64"]
listen_port: 51820
---
kind: Peer
name: laptop
interface: wg0
ip: 10.8.0.2
public_key: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=
"""
