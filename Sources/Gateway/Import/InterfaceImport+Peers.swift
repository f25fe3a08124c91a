import Manifest
import Model

extension InterfaceImport {
    mutating func mapPeers() {
        let owners = owners()
        var naming = PeerNaming()
        for (index, section) in file.peers.enumerated() {
            let prefixes = section.allowedIPs.filter { owners[$0] == index }
            for lost in section.allowedIPs where owners[lost] != index {
                let owner = owners[lost].map { file.peers[$0].publicKey.description } ?? ""
                result.warnings.append(
                    finding("\(lost) stands at two peers: it belongs to the last one, \(owner)", line: section.line))
            }
            result.peers.append(map(section, prefixes, &naming))
        }
        noteDevice()
    }

    /// WireGuard gives a prefix to the peer that came last.
    private func owners() -> [Prefix: Int] {
        var owners: [Prefix: Int] = [:]
        for (index, peer) in file.peers.enumerated() { for prefix in peer.allowedIPs { owners[prefix] = index } }
        return owners
    }

    private mutating func map(
        _ section: WireGuardFile.PeerSection, _ prefixes: [Prefix], _ naming: inout PeerNaming
    ) -> ImportedInterface.ImportedPeer {
        let name = naming.name(section.name, key: section.publicKey)
        var peer = Peer(
            name: name, dnsName: "", interface: self.name,
            ip: prefixes.lazy.filter(isTunnelAddress).map(\.address), publicKey: section.publicKey,
            location: SourceLocation(path: file.origin, line: section.line ?? 1, column: 1))
        peer.routes = prefixes.filter { !isTunnelAddress($0) }
        peer.endpoint = section.endpoint
        // Without a field the default of Settings would be sent to a pinned endpoint.
        peer.persistentKeepalive = section.persistentKeepalive ?? (section.endpoint == nil ? nil : 0)
        if section.endpoint == nil, let seconds = section.persistentKeepalive, seconds > 0 {
            result.warnings.append(
                finding(
                    "PersistentKeepalive of \(name) goes into its device's configuration: without an Endpoint the"
                        + " gateway has nobody to send it to before the device comes", line: section.line))
        }
        if prefixes.isEmpty {
            result.warnings.append(finding("\(name) has no AllowedIPs: it gets an address", line: section.line))
        }
        return ImportedInterface.ImportedPeer(
            peer: peer, presharedKey: section.presharedKey, presharedKeyFile: presharedKeyFiles[section.publicKey])
    }

    /// Whether a prefix is a host that can be a peer's address: inside the interface's prefixes and nobody else's.
    private func isTunnelAddress(_ prefix: Prefix) -> Bool {
        guard prefix.isHost else { return false }
        let addresses = result.interface.address
        guard !addresses.contains(where: { $0.address == prefix.address }),
            let subnet = addresses.first(where: { $0.prefix.contains(prefix) })?.prefix
        else { return false }
        guard subnet.family.bits - subnet.length > 1 else { return true }
        return prefix.address != subnet.address && (prefix.family == .ipv6 || prefix.address != subnet.last)
    }

    /// A configuration that a device uses makes this host a device.
    private mutating func noteDevice() {
        let way = result.peers.lazy.map(\.peer).first { $0.endpoint != nil && $0.routes.contains(where: \.isDefault) }
        guard let way else { return }
        let routes = way.routes.map(\.description).joined(separator: ", ")
        result.warnings.append(
            finding(
                "\(name) is the configuration of a device: this host sends everything through \(way.name)."
                    + " It is declared as it is, with routes to \(routes)"))
    }
}
