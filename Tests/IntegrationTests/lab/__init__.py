"""A lab of network namespaces: a gateway, devices, a LAN behind the gateway and an internet between them."""
