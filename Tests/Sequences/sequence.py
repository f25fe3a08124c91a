"""A sequence: steps as lines of a verb and two numbers, which count modulo what is there. So a sequence stays one when
steps are left out, and one that failed can be made short and kept as a file."""

import random
from typing import NamedTuple

VERBS = [
    # pushes
    "push-add", "push-remove", "push-rename", "push-disable", "push-enable", "push-rekey", "push-move", "push-address",
    "push-route", "push-isolate", "push-secret", "push-interface", "push-port", "push-stop", "push-user",
    "push-settings", "push-access", "push-rule", "push-invalid",
    # writes by REST
    "rest-add", "rest-patch", "rest-disable", "rest-enable", "rest-delete", "rest-settings", "revoke",
    # somebody else at the kernel
    "link-delete", "link-down", "link-mtu", "link-unmark", "address-add", "address-remove", "peer-remove", "peer-plant",
    "allowed-steal", "port-set", "key-set", "route-remove", "route-plant", "table-delete", "table-edit", "element-add",
    "sysctl-reset",
    # somebody else at the database
    "row-delete", "row-change", "row-plant", "forget-interface", "misplace-interface", "forget-records",
    "garble-records", "forget-firewall", "forget-sysctls", "forget-peers",
    # what ends
    "kill-daemon", "kill-after-push", "kill-userspace",
    "wait", "apply",
]  # fmt: skip


class Step(NamedTuple):
    verb: str
    what: int
    how: int

    def __str__(self):
        return f"{self.verb} {self.what} {self.how}"


def make(seed):
    """The sequence of a seed: 3 to 7 steps."""
    choose = random.Random(seed)
    return [
        Step(choose.choice(VERBS), choose.randrange(100), choose.randrange(100)) for _ in range(choose.randint(3, 7))
    ]


def read(text):
    """The steps of a file; lines that begin with # say something to people."""
    steps = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [Step(verb, int(what), int(how)) for verb, what, how in steps]


def shrink(steps, fails, tries=40):
    """Leaves out as many steps as it can while the sequence still fails, in at most so many tries."""
    size = max(len(steps) // 2, 1)
    while tries > 0:
        start, shorter = 0, False
        while start < len(steps) and tries > 0:
            rest = steps[:start] + steps[start + size :]
            tries -= 1
            if rest and fails(rest):
                steps, shorter = rest, True
            else:
                start += size
        if size == 1 and not shorter:
            break
        if not shorter:
            size = max(size // 2, 1)
    return steps
