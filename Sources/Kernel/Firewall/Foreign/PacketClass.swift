import Model

/// The packets of one question to a foreign chain, as far as they are known. A match that depends on anything else is
/// neither true nor false.
struct PacketClass: Sendable {
    var family: AddressFamily
    /// The link it came in by; nil = not known.
    var input: String?
    /// The link it goes out by; nil = not known.
    var output: String?
    /// What connection tracking says: `new` or `established`.
    var state: String
    /// Prefixes that hold the source; empty = not known.
    var sources: [Prefix] = []
    /// The UDP port on this host; nil: a packet of any protocol.
    var udpPort: UInt16?

    /// Whether a match statement holds for all packets of the class (true), none (false), or can't be told (nil).
    func satisfies(_ match: JSONValue) -> Bool? {
        guard let left = match["left"], let right = match["right"] else { return nil }
        guard let holds = contains(right, left) else { return nil }
        switch match["op"]?.text {
        case "==", "in": return holds
        case "!=": return !holds
        default: return nil
        }
    }

    /// Whether the value of `left` is among `right`.
    func contains(_ right: JSONValue, _ left: JSONValue) -> Bool? {
        if let values = right["set"]?.elements ?? right.elements {
            var isKnown = true
            for value in values {
                switch contains(value, left) {
                case true: return true
                case nil: isKnown = false
                case false: break
                }
            }
            return isKnown ? false : nil
        }
        if let text = right.text, text.hasPrefix("@") { return nil }
        if let key = left["meta"]?["key"]?.text { return meta(key, right) }
        if left["ct"]?["key"]?.text == "state" { return right.text.map { $0 == state } }
        if let payload = left["payload"], let layer = payload["protocol"]?.text, let field = payload["field"]?.text {
            return self.payload(layer, field, right)
        }
        return nil
    }

    private func meta(_ key: String, _ right: JSONValue) -> Bool? {
        switch key {
        case "iifname", "iif": return link(input, right)
        case "oifname", "oif": return link(output, right)
        case "nfproto": return right.text.map { $0 == (family == .ipv4 ? "ipv4" : "ipv6") }
        case "l4proto": return transport(right)
        default: return nil
        }
    }

    private func link(_ name: String?, _ right: JSONValue) -> Bool? {
        guard let name, let pattern = right.text else { return nil }
        return pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
    }

    private func transport(_ right: JSONValue) -> Bool? {
        guard udpPort != nil else { return nil }
        return right.text == "udp" || right.integer == 17
    }

    private func payload(_ layer: String, _ field: String, _ right: JSONValue) -> Bool? {
        switch (layer, field) {
        case ("ip", _) where family == .ipv6, ("ip6", _) where family == .ipv4: return false
        case ("ip", "protocol"), ("ip6", "nexthdr"): return transport(right)
        case ("ip", "saddr"), ("ip6", "saddr"): return source(right)
        case ("tcp", _), ("icmp", _), ("icmpv6", _): return udpPort == nil ? nil : false
        case ("udp", "dport"), ("th", "dport"):
            guard let udpPort else { return nil }
            if let port = right.integer { return port == Int64(udpPort) }
            guard let bounds = right["range"]?.elements, bounds.count == 2, let first = bounds[0].integer,
                let last = bounds[1].integer
            else { return nil }
            return first <= Int64(udpPort) && Int64(udpPort) <= last
        default: return nil
        }
    }

    private func source(_ right: JSONValue) -> Bool? {
        let own = sources.filter { $0.family == family }
        let other: Prefix?
        if let text = right.text {
            other = Prefix(text)
        } else if let address = right["prefix"]?["addr"]?.text.flatMap({ IPAddress($0) }),
            let length = right["prefix"]?["len"]?.integer
        {
            other = Prefix(address, length: Int(clamping: length))
        } else {
            other = nil
        }
        guard let other, !own.isEmpty else { return nil }
        if own.allSatisfy(other.contains(_:)) { return true }
        return own.contains(where: other.overlaps) ? nil : false
    }
}
