import Model

/// A digest that is good enough to tell the sources of a test apart: FNV-1a, four times.
struct SampleDigest: Digest {
    func digest(_ bytes: [UInt8]) -> DigestValue {
        DigestValue(
            bytes: (0..<4).flatMap { lane in
                var hash: UInt64 = 0xCBF2_9CE4_8422_2325 &+ UInt64(lane)
                for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
                return (0..<8).map { UInt8(truncatingIfNeeded: hash >> (8 * $0)) }
            })
    }
}

/// Documents of access control in a line each; what is not valid is left out, so that tests of it fail.
enum AccessSamples {
    static func place(_ line: Int = 1) -> SourceLocation {
        SourceLocation(path: "access.yaml", line: line, column: 1)
    }

    static func interface(_ name: String, _ addresses: String...) -> Interface {
        Interface(
            name: name, address: addresses.compactMap(InterfaceAddress.init), listenPort: 51820, location: place())
    }

    static func peer(_ name: String, on interface: String = "wg0", _ addresses: String..., routes: [String] = [])
        -> Peer
    {
        var peer = Peer(
            name: name, dnsName: name.lowercased(), interface: interface, ip: addresses.compactMap(IPAddress.init),
            publicKey: PublicKey(words: (1, 2, 3, 4)), location: place())
        peer.routes = routes.compactMap(Prefix.init)
        return peer
    }

    /// Who is meant: `@wg0` is an interface, `+ada` an owner, `team=ops` a label, everything else a peer.
    static func sources(_ words: String...) -> AccessSources {
        var sources = AccessSources()
        for word in words {
            let label = word.split(separator: "=").map(String.init)
            if word.hasPrefix("@") {
                sources.interfaces.append(String(word.dropFirst()))
            } else if word.hasPrefix("+") {
                sources.owners.append(String(word.dropFirst()))
            } else if label.count == 2 {
                sources.labels[label[0]] = label[1]
            } else if let peer = PeerReference(word) {
                sources.peers.append(peer)
            }
        }
        return sources
    }

    /// A document; a destination that is no prefix is a peer.
    static func rule(
        _ name: String, _ action: AccessRule.Action, from: AccessSources, to: [String], _ ports: String...,
        fallback: AccessRule.Action? = nil, line: Int = 1
    ) -> AccessRule {
        let destinations = to.compactMap { text in
            Prefix(text).map(AccessDestination.prefix) ?? PeerReference(text).map(AccessDestination.peer)
        }
        var rule = AccessRule(name: name, from: from, to: destinations, location: place(line))
        rule.ports = ports.compactMap(Service.init)
        rule.action = action
        rule.fallback = fallback
        return rule
    }

    static func forward(_ name: String, _ service: String, to peer: String, _ port: UInt16? = nil) -> Forward? {
        guard let named = Service(service), let first = named.ports?.lowerBound, let peer = PeerReference(peer),
            let transport = Forward.Transport(rawValue: named.transport.rawValue)
        else { return nil }
        var forward = Forward(name: name, port: first, to: .init(peer: peer, port: port), location: place())
        forward.transport = transport
        return forward
    }
}
