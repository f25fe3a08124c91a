import Model

/// Small random policies, dense enough that prefixes, ports and documents meet.
enum RandomAccess {
    /// Sixteen addresses of each family.
    static let addresses =
        (0..<16).map { IPAddress(v4: 0x0A08_0000 + UInt32($0)) } + (0..<16).map { IPAddress(v6: 0xFD42 << 48, $0) }

    /// One port at each end and in the middle of what documents name.
    static let questions = ["tcp/1", "tcp/7", "tcp/8", "tcp/9", "tcp/65535", "udp/8", "udp/9", "icmp"]
        .compactMap(Service.init)

    static func services(_ generator: inout SeededGenerator) -> [Service] {
        let words = ["tcp/8", "tcp/1-8", "tcp/8-65535", "tcp/9", "udp/1-65535", "udp/8", "icmp", "tcp/7-9"]
        return words.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }.compactMap(Service.init)
    }

    /// Two interfaces with peers that have addresses and nested networks, and documents with every kind of selector.
    static func catalog(_ generator: inout SeededGenerator) -> Catalog {
        var free = addresses.shuffled(using: &generator)
        let interfaces = ["wg0", "wg1"].map { AccessSamples.interface($0) }
        let peers = (0..<Int.random(in: 1...6, using: &generator)).map { number in
            var peer = AccessSamples.peer("p\(number)", on: number % 2 == 0 ? "wg0" : "wg1")
            peer.ip = Array(free.suffix(Int.random(in: 1...2, using: &generator)))
            free.removeLast(peer.ip.count)
            peer.routes = (0..<Int.random(in: 0...1, using: &generator)).map { _ in prefix(&generator) }
            peer.owner = [nil, "ada", "bob"].randomElement(using: &generator) ?? nil
            for key in ["team", "site"] where Bool.random(using: &generator) {
                peer.labels[key] = ["a", "b"].randomElement(using: &generator)
            }
            peer.isolated = [nil, nil, nil, true].randomElement(using: &generator) ?? nil
            return peer
        }
        let rules = (0..<Int.random(in: 0...6, using: &generator)).map { number in
            var rule = AccessRule(
                name: "r\(number)", from: sources(peers, &generator),
                to: (0..<Int.random(in: 1...3, using: &generator)).map { _ in destination(peers, &generator) },
                location: AccessSamples.place(number + 1))
            rule.ports = services(&generator)
            rule.action = Int.random(in: 0..<3, using: &generator) == 0 ? .deny : .allow
            rule.fallback = [nil, nil, .allow, .deny].randomElement(using: &generator) ?? nil
            return rule
        }
        return Catalog(interfaces: interfaces, peers: peers, access: rules)
    }

    private static func prefix(_ generator: inout SeededGenerator) -> Prefix {
        let address = addresses[Int.random(in: 0..<addresses.count, using: &generator)]
        let free = [0, 0, 1, 2, 3, 4, address.family.bits].randomElement(using: &generator) ?? 0
        return Prefix(address, length: address.family.bits - free)
    }

    private static func destination(_ peers: [Peer], _ generator: inout SeededGenerator) -> AccessDestination {
        guard Int.random(in: 0..<3, using: &generator) == 0, let peer = peers.randomElement(using: &generator) else {
            return .prefix(prefix(&generator))
        }
        return .peer(PeerReference(name: peer.name))
    }

    private static func sources(_ peers: [Peer], _ generator: inout SeededGenerator) -> AccessSources {
        var sources = AccessSources()
        while sources.isEmpty {
            if Bool.random(using: &generator), let peer = peers.randomElement(using: &generator) {
                let interface = Bool.random(using: &generator) ? peer.interface : nil
                sources.peers = [PeerReference(name: peer.name, interface: interface)]
            }
            if Int.random(in: 0..<3, using: &generator) == 0 { sources.labels["team"] = "a" }
            if Int.random(in: 0..<4, using: &generator) == 0 { sources.labels["site"] = "b" }
            if Int.random(in: 0..<4, using: &generator) == 0 { sources.owners = ["ada"] }
            if Int.random(in: 0..<6, using: &generator) == 0 { sources.interfaces = ["wg1"] }
        }
        return sources
    }
}
