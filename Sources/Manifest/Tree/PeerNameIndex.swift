import Model

/// The peers of a tree by the names that documents give them.
struct PeerNameIndex {
    /// What a reference finds.
    enum Finding {
        /// A peer, by its index; the first one where a name stands twice on an interface.
        case peer(Int)
        /// Peers of several interfaces, as they are to be written.
        case several([String])
        /// None, with what may have been meant.
        case none(suggestion: String?)
    }

    private struct Entry {
        var peer: Int
        var interface: String
    }

    private var entries: [String: [Entry]] = [:]
    private lazy var names = entries.keys.sorted()

    /// The peers with usable names, in the order of the files.
    init(_ peers: [Declared<Peer>]) {
        for (number, declared) in peers.enumerated() where declared.valid.contains(PeerKind.name) {
            let peer = declared.object
            entries[peer.name, default: []].append(Entry(peer: number, interface: peer.interface))
        }
    }

    /// Looks a reference up.
    mutating func find(_ reference: PeerReference) -> Finding {
        let found = entries[reference.name] ?? []
        if let interface = reference.interface {
            guard let entry = found.first(where: { $0.interface == interface }) else {
                return .none(suggestion: suggestion(for: reference))
            }
            return .peer(entry.peer)
        }
        guard let first = found.first else { return .none(suggestion: suggestion(for: reference)) }
        let choices = choices(of: reference.name)
        return choices.count == 1 ? .peer(first.peer) : .several(choices)
    }

    private mutating func suggestion(for reference: PeerReference) -> String? {
        let others = choices(of: reference.name)
        if !others.isEmpty { return "write " + others.joined(separator: " or ") }
        guard let close = Spelling.closest(to: reference.name, in: names) else { return nil }
        let places = choices(of: close)
        let isPlain = reference.interface == nil && places.count == 1
        let texts = (isPlain ? [close] : places).map { "\"\($0)\"" }
        return "did you mean " + texts.joined(separator: " or ") + "?"
    }

    /// The peers of a name with their interfaces, sorted.
    private func choices(of name: String) -> [String] {
        Set((entries[name] ?? []).map(\.interface)).sorted().map { "\($0)/\(name)" }
    }
}
