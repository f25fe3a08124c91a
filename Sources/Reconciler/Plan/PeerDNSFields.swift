import Model

/// What the forwarder does for a peer, in the words of a plan. Neither kernel nor database show it, so the inventory
/// keeps it: what was applied last is what a plan compares with.
public struct PeerDNSFields: Sendable, Hashable {
    /// What nobody wrote anything else of.
    static let defaults = PeerDNSFields(values: values(of: Peer.DNS()))

    private static let names = ["dns.filtering", "dns.blocklists", "dns.log"]

    /// The values, by their position in `names`.
    private let values: [String]

    private init(values: [String]) { self.values = values }

    /// The fields of a declared peer. Most have the defaults, and share them.
    init(_ dns: Peer.DNS) {
        let isDefault = dns.filtering && dns.blocklists == nil && dns.log
        self = isDefault ? .defaults : PeerDNSFields(values: Self.values(of: dns))
    }

    private static func values(of dns: Peer.DNS) -> [String] {
        let lists = dns.blocklists.map { $0.isEmpty ? "[]" : $0.sorted().joined(separator: ", ") }
        return [String(dns.filtering), lists ?? "all enabled", String(dns.log)]
    }

    /// Reads a text of the inventory; anything else, also an empty one, counts as the defaults.
    init(_ text: String) {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
        values = parts.count == Self.names.count ? parts : Self.defaults.values
    }

    /// The text for the inventory; empty for the defaults.
    var text: String { self == Self.defaults ? "" : values.joined(separator: ";") }

    /// The fields of a new peer that are not the defaults.
    var additions: [FieldChange] {
        changes(from: .defaults).map { FieldChange($0.field, before: nil, after: $0.after) }
    }

    /// The fields that change.
    func changes(from before: PeerDNSFields) -> [FieldChange] {
        Self.names.indices.filter { before.values[$0] != values[$0] }
            .map { FieldChange(Self.names[$0], before: before.values[$0], after: values[$0]) }
    }
}
