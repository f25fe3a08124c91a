"""The Access documents of the company, and what people expect of them."""

from . import topology

CONTRACTORS = {
    "from": "{labels: {team: contractors}}",
    "to": f"[{topology.LAN}, '{topology.LAN6}', {{peer: free}}, {{peer: site}}]",
    "ports": "[tcp/7001, udp/7002-7010, icmp]",
}
DOCUMENTS = {
    "contractors": CONTRACTORS,
    # A second selector that holds the contractor; of what it allows, a document of the first one denies a part.
    "contractors-extra": {
        "from": "{peers: [contractor]}", "to": f"[198.51.100.0/24, '{topology.INTERNET6}']",
        "ports": "[udp/7001, tcp/7002]",
    },
    "contractors-not": {
        "from": "{labels: {team: contractors}}", "to": topology.INTERNET, "ports": "tcp/7002", "action": "deny",
    },
    "restricted": {
        "from": "{peers: [wg0/restricted]}", "to": "[192.168.50.0/24, 'fd00:50::/64', {peer: contractor}]",
        "ports": "[tcp/7002, udp/7001]", "action": "deny",
    },
    "second": {
        "from": "{interfaces: [wg1]}", "to": f"[{{peer: free}}, {topology.LAN}, '{topology.LAN6}']",
        "ports": "[icmp, tcp/7000-7001]", "action": "deny",
    },
    "site-lan": {"from": "{peers: [site]}", "to": topology.LAN, "ports": "tcp/7001", "default": "allow"},
    "site-quiet": {"from": "{peers: [wg1/site]}", "to": "[{peer: restricted}]", "action": "deny"},
}  # fmt: skip

# A few cells as people would expect them, so that explain and the firewall can't be wrong in the same way.
EXPECTED = f"""
contractor  {topology.LAN}        tcp/7001 -> allow by contractors
contractor  {topology.LAN6}       udp/7002 -> allow by contractors
contractor  {topology.LAN}        tcp/7002 -> deny by contractors
contractor  free                  icmp     -> allow
contractor  free                  udp/7001 -> deny
contractor  192.168.60.10         icmp     -> allow
contractor  fd42:60::10           tcp/7002 -> deny
contractor  {topology.INTERNET}   tcp/7002 -> deny by contractors-not
contractor  {topology.INTERNET6}  tcp/7002 -> allow by contractors-extra
contractor  10.8.0.1              tcp/7002 -> allow     # Access is not about the gateway itself
contractor  isolated              tcp/7001 -> deny
restricted  {topology.LAN}        tcp/7002 -> deny by restricted
restricted  {topology.LAN6}       tcp/7001 -> allow
restricted  contractor            icmp     -> allow
free        contractor            tcp/7002 -> allow     # what others open is not the business of contractors
free        {topology.INTERNET6}  udp/7001 -> allow
isolated    {topology.LAN}        tcp/7001 -> allow
isolated    free                  icmp     -> deny
other       free                  icmp     -> deny by second
other       free                  tcp/7002 -> allow
other       10.9.0.1              tcp/7001 -> allow
other       fd42:9::1             tcp/7002 -> deny
other       10.8.0.1              udp/7001 -> deny
site        {topology.LAN}        tcp/7001 -> deny by second
192.168.60.10  {topology.LAN}     tcp/7002 -> allow
192.168.60.10  restricted         udp/7002 -> deny by site-quiet
{topology.LAN}  isolated          icmp     -> allow
{topology.LAN6} contractor        tcp/7002 -> allow
{topology.LAN}  192.168.60.10     tcp/7001 -> allow
"""
