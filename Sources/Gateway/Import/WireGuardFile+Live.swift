public import Model

extension WireGuardFile {
    /// A running interface in the terms of a file.
    ///
    /// The kernel doesn't tell an endpoint that was configured from one that was learned: `file`, the one it was started
    /// from, does, and has the names and hooks, too. Without it an endpoint with a keepalive counts as configured.
    ///
    /// - Parameters:
    ///   - routes: the routes through the link.
    ///   - file: what it was started from, if that is known.
    public init(link: ObservedLink, device: ObservedDevice, routes: [Route], file: WireGuardFile?) {
        var section = InterfaceSection()
        section.privateKey = device.privateKey
        section.listenPort = device.listenPort == 0 ? nil : device.listenPort
        section.fwmark = device.fwmark
        section.address = link.addresses
        section.mtu = link.mtu
        let known = Dictionary(file?.peers.map { ($0.publicKey, $0) } ?? []) { first, _ in first }
        var peers: [PeerSection] = []
        peers.reserveCapacity(device.peers.count)
        for observed in device.peers {
            var peer = PeerSection(publicKey: observed.publicKey)
            let written = known[observed.publicKey]
            peer.presharedKey = observed.presharedKey
            // The order written is kept: the first address of a family is the one people think of.
            let live = Set(observed.allowedIPs)
            let kept = written?.allowedIPs.filter(live.contains) ?? []
            peer.allowedIPs = kept + observed.allowedIPs.filter { !kept.contains($0) }
            peer.persistentKeepalive = observed.persistentKeepalive == 0 ? nil : observed.persistentKeepalive
            peer.name = written?.name
            if let written {
                peer.endpoint = written.endpoint
            } else if observed.persistentKeepalive > 0 {
                peer.endpoint = observed.endpoint.map { Endpoint(host: .address($0.address), port: $0.port) }
            }
            peers.append(peer)
        }
        self.init(origin: "kernel", interface: section, peers: peers)
        if let file {
            take(file)
        } else {
            interface.table = Self.table(of: peers, link: link, routes: routes)
        }
    }

    /// What the kernel doesn't know.
    private mutating func take(_ file: WireGuardFile) {
        origin = file.origin
        interface.dns = file.interface.dns
        interface.dnsSearch = file.interface.dnsSearch
        interface.table = file.interface.table
        interface.hooks = file.interface.hooks
        interface.saveConfigLine = file.interface.saveConfigLine
        // wg-quick marks packets itself where a /0 needs it; such a mark isn't in the file.
        if file.interface.fwmark == nil, peers.contains(where: { $0.allowedIPs.contains(where: \.isDefault) }) {
            interface.fwmark = nil
        }
        let live = Set(peers.map(\.publicKey))
        let written = Set(file.peers.map(\.publicKey))
        let missing = file.peers.filter { !live.contains($0.publicKey) }.count
        let extra = peers.filter { !written.contains($0.publicKey) }.count
        if missing + extra > 0 {
            warnings.append(
                ImportFinding(
                    origin: file.origin,
                    "the running interface is imported, and differs: \(missing) peers stand only in the file,"
                        + " \(extra) only in the kernel"))
        }
    }

    /// Where the routes of peers outside the interface's own prefixes go; nil when that can't be told.
    private static func table(of peers: [PeerSection], link: ObservedLink, routes: [Route]) -> RouteTable? {
        let own = link.addresses.map(\.prefix)
        var outside: Set<Prefix> = []
        for peer in peers {
            for prefix in peer.allowedIPs where !own.contains(where: { $0.contains(prefix) }) { outside.insert(prefix) }
        }
        guard !outside.isEmpty else { return nil }
        let tables = Set(routes.lazy.filter { outside.contains($0.destination) }.map(\.table))
        if tables.isEmpty { return .off }
        if let table = tables.first, tables.count == 1, table != Route.mainTable, !outside.contains(where: \.isDefault)
        {
            return .number(table)
        }
        return nil
    }
}
