"""Every example: plan lists creates, apply does them, the second plan is empty, down leaves nothing."""

import shutil

import pytest

from lab.device import key_pair
from lab.gateway import ROOT

EXAMPLES = ["quickstart", "homelab", "site-to-site/berlin", "site-to-site/paris", "monitoring/gateway"]
# Those of the kernel that an interface or a setting has us change.
PARAMETERS = "forward|accept_ra|promote|src_valid|rp_filter|conntrack_acct"


def give_secrets(gateway, example):
    """site-to-site keeps its key in a file of the host, which the committed example can't have."""
    if example.startswith("site-to-site"):
        secrets = gateway.state / "secrets"
        secrets.mkdir(mode=0o700)
        secret = secrets / f"{example.split('/')[1]}.key"
        secret.write_text(key_pair()[0] + "\n")
        secret.chmod(0o600)


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_is_valid_as_it_stands(gateway, example):
    shutil.rmtree(gateway.config)
    gateway.config = ROOT / "examples" / example
    gateway.wirebuddy("validate")


@pytest.mark.parametrize("example", EXAMPLES)
def test_second_plan_is_empty(gateway, example):
    gateway.copy(ROOT / "examples" / example)
    give_secrets(gateway, example)
    if example.endswith("paris"):
        # The lab's LAN has the prefix that the example reaches through the tunnel.
        link = gateway.namespace.output("ip", "-o", "route", "show", "192.168.50.0/24").split("dev ")[1].split()[0]
        gateway.namespace.run("ip", "address", "flush", "dev", link)
    before = gateway.namespace.output("sysctl", "-a", "--pattern", PARAMETERS)
    assert "create" in gateway.plan().stdout
    gateway.apply()
    assert gateway.has_link() and gateway.has_table()
    gateway.plan(expect=0)
    gateway.apply()
    gateway.plan(expect=0)
    gateway.wirebuddy("down")
    assert gateway.traces() == []
    after = gateway.namespace.output("sysctl", "-a", "--pattern", PARAMETERS)
    assert after == before
