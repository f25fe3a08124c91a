import Model

/// What a document of access names: destinations, with protocols and ports.
struct AccessScope {
    /// One destination.
    struct Part {
        /// The peer it names.
        var peer: Int?
        /// Its addresses; empty for a peer that has none yet.
        var prefixes: [Prefix]
    }

    /// The destinations, in the order written.
    let parts: [Part]
    private let peers: Set<Int>
    private let prefixes: PrefixSet
    /// The ports of each protocol, in ranges that neither overlap nor touch; nil: every protocol.
    private let services: [Service.Transport: [ClosedRange<Int>]]?

    /// - Parameters:
    ///   - parts: the destinations.
    ///   - ports: the services; empty: every protocol.
    init(_ parts: [Part], ports: [Service]) {
        self.parts = parts
        peers = Set(parts.compactMap(\.peer))
        var prefixes = PrefixSet()
        for part in parts { for prefix in part.prefixes { prefixes.insert(prefix) } }
        self.prefixes = prefixes
        services = ports.isEmpty ? nil : Self.ranges(of: ports)
    }

    /// Whether everything that another one names is named here too.
    func covers(_ other: AccessScope) -> Bool {
        coversServices(of: other) && other.parts.allSatisfy(covers)
    }

    private func covers(_ part: Part) -> Bool {
        if let peer = part.peer, peers.contains(peer) { return true }
        return !part.prefixes.isEmpty && part.prefixes.allSatisfy { prefixes.firstAround($0) != nil }
    }

    private func coversServices(of other: AccessScope) -> Bool {
        guard let services else { return true }
        guard let wanted = other.services else { return false }
        return wanted.allSatisfy { transport, ranges in
            let held = services[transport] ?? []
            return ranges.allSatisfy { range in held.contains { $0.contains(range) } }
        }
    }

    private static func ranges(of services: [Service]) -> [Service.Transport: [ClosedRange<Int>]] {
        var ranges: [Service.Transport: [ClosedRange<Int>]] = [:]
        for service in services.sorted() {
            let ports = service.ports.map { Int($0.lowerBound)...Int($0.upperBound) } ?? 0...0
            var list = ranges[service.transport] ?? []
            if let last = list.last, ports.lowerBound <= last.upperBound + 1 {
                list[list.count - 1] = last.lowerBound...max(last.upperBound, ports.upperBound)
            } else {
                list.append(ports)
            }
            ranges[service.transport] = list
        }
        return ranges
    }
}

/// Prefixes that are found by what lies in them.
struct PrefixSet {
    private var prefixes: Set<Prefix> = []
    private var lengths: Set<Int> = []

    mutating func insert(_ prefix: Prefix) {
        prefixes.insert(prefix)
        lengths.insert(prefix.length)
    }

    /// The members that a prefix lies in, the prefix itself included. There is at most one of each length.
    func around(_ prefix: Prefix) -> some Sequence<Prefix> {
        lengths.lazy.filter { $0 <= prefix.length }.map { Prefix(prefix.address, length: $0) }
            .filter { prefixes.contains($0) }
    }

    /// One of those members.
    func firstAround(_ prefix: Prefix) -> Prefix? { around(prefix).first { _ in true } }
}
