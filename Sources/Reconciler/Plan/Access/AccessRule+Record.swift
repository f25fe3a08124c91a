import Model

extension AccessRule {
    /// The document that a record of the inventory was made of; nil if it was made by nothing we know.
    init?(name: String, _ record: PolicyRecord) {
        var from = AccessSources()
        var to: [AccessDestination] = []
        var ports: [Service] = []
        var action: Action?
        var fallback: Action?
        for (field, value) in record.fields {
            let items = PolicyRecord.items(value)
            switch field {
            case "from.peers": from.peers = items.compactMap { PeerReference($0) }
            case "from.labels":
                for item in items {
                    let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                    if pair.count == 2 { from.labels[String(pair[0])] = String(pair[1]) }
                }
            case "from.owners": from.owners = items
            case "from.interfaces": from.interfaces = items
            case "to": to = items.compactMap { AccessDestination(record: $0) }
            case "ports": ports = items.compactMap { Service($0) }
            case "action": action = Action(rawValue: value)
            case "default": fallback = Action(rawValue: value)
            default: break
            }
        }
        guard let action, let fallback, !from.isEmpty else { return nil }
        self.init(name: name, from: from, to: to, location: SourceLocation(path: "", line: 0, column: 0))
        self.ports = ports
        self.action = action
        self.fallback = fallback
    }
}

extension AccessDestination {
    /// Reads ``description``.
    fileprivate init?(record: String) {
        if record.hasPrefix("peer ") {
            guard let peer = PeerReference(String(record.dropFirst("peer ".count))) else { return nil }
            self = .peer(peer)
        } else {
            guard let prefix = Prefix(record) else { return nil }
            self = .prefix(prefix)
        }
    }
}
