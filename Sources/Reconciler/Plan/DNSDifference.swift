public import Model

/// What has to be written so that the database holds the declared policy of the DNS forwarder: the rows that differ, in
/// one transaction, however many they are.
public struct DNSDifference: Sendable, Hashable {
    /// The settings that replace all their rows, none for an empty value; nil leaves them.
    public var settings: [String: String]?
    /// Lists whose row is written.
    public var writtenBlocklists: [ProjectedBlocklist]
    /// The names of lists whose row is deleted.
    public var removedBlocklists: [String]
    /// Rules whose row is written.
    public var writtenRules: [ProjectedDNSRule]
    /// Rules whose row is deleted, before any is written.
    public var removedRules: [ProjectedDNSRule]

    /// No difference.
    public init() {
        writtenBlocklists = []
        removedBlocklists = []
        writtenRules = []
        removedRules = []
    }

    /// Whether there is nothing to write.
    public var isEmpty: Bool {
        settings == nil && writtenBlocklists.isEmpty && removedBlocklists.isEmpty && writtenRules.isEmpty
            && removedRules.isEmpty
    }

    /// This difference without the rows of some objects.
    func without(_ objects: Set<ObjectID>) -> DNSDifference {
        var rest = self
        if objects.contains(.dnsForwarder) { rest.settings = nil }
        rest.writtenBlocklists.removeAll { objects.contains(ObjectID(.blocklist, $0.name)) }
        rest.removedBlocklists.removeAll { objects.contains(ObjectID(.blocklist, $0)) }
        rest.writtenRules.removeAll { objects.contains(ObjectID($0)) }
        rest.removedRules.removeAll { objects.contains(ObjectID($0)) }
        return rest
    }
}
