import Model
import Reconciler

extension HostScript {
    /// A host as a desired state leaves it, with the inventory that says so.
    init(applied desired: DesiredState?, now: Timestamp) {
        observed = ObservedState(takenAt: now, host: HostIdentity(bootID: "boot-1", namespace: 1))
        observed.links = [ObservedLink(index: 2, name: "eth0", kind: "", mtu: 1500, isUp: true)]
        observed.defaultRouteMTU = 1500
        observed.kernelWireGuard = true
        observed.sysctls = [
            .ipv4Forwarding: "0", .ipv6Forwarding: "0", .sourceValidMark: "0", .connectionAccounting: "0",
        ]
        observed.sysctls[.acceptRouterAdvertisements("eth0")] = "1"
        inventory = InventorySnapshot()
        guard let desired else { return }
        inventory.applied = AppliedRecord.all(of: desired, on: observed.host)
        for (position, interface) in desired.interfaces.enumerated() {
            observed.links.append(
                ObservedLink(
                    index: 10 + position, name: interface.name, kind: "wireguard", mtu: interface.mtu,
                    isUp: interface.isUp, alias: LinkMark.text, addresses: interface.addresses))
            observed.devices[interface.name] = ObservedDevice(
                implementation: .kernel, privateKey: interface.privateKey, publicKey: nil,
                listenPort: interface.listenPort, fwmark: interface.fwmark,
                peers: interface.peers.map {
                    ObservedPeer(
                        publicKey: $0.publicKey, presharedKey: $0.presharedKey, endpoint: $0.endpoint,
                        persistentKeepalive: $0.persistentKeepalive, allowedIPs: $0.allowedIPs)
                })
            inventory.interfaces[interface.name] = OwnedInterface(
                name: interface.name, origin: .created, host: observed.host, index: 10 + position,
                implementation: .kernel)
        }
        if let projections = desired.projections {
            observed.projections = ProjectedState(
                users: projections.users.map(\.row), settings: projections.settings, dns: projections.dns.rows)
        }
        observed.routes = desired.routes
        observed.rules = desired.rules
        if let firewall = desired.firewall {
            let structure = FirewallStructure(policyDigest: firewall.policyDigest, listingDigest: "as written")
            observed.firewall = ObservedFirewall(structure: structure, elements: firewall.elements)
            inventory.firewall = structure
        }
        for (sysctl, value) in desired.sysctls {
            inventory.sysctls[sysctl] = SysctlOwnership(prior: observed.sysctls[sysctl] ?? "0", written: value)
            observed.sysctls[sysctl] = value
        }
    }
}
