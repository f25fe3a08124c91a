public import Model
public import Reconciler

/// What a pass made of an emergency revocation, as it was read back.
public struct RevocationResult: Sendable, Hashable {
    /// The block.
    public var revocation: Revocation
    /// The peers that were removed: `interface/name`.
    public var removed: [String]
    /// The interfaces that still let the key in.
    public var remaining: [String]

    /// What `report` says about a revocation.
    public init(_ revocation: Revocation, in report: PassReport) {
        self.revocation = revocation
        remaining = report.observed.devices.filter { $0.value.peers.contains { $0.publicKey == revocation.publicKey } }
            .keys.sorted()
        removed = report.results.filter { $0.change.publicKey == revocation.publicKey && $0.outcome == .done }
            .map(\.change.object.name)
    }

    /// The fields of the document.
    public var fields: [(String, JSONValue)] {
        [
            ("public_key", .string(revocation.publicKey.description)),
            ("until", .string(revocation.until.description)),
            ("removed", .array(removed.map(JSONValue.string))),
            ("remaining", .array(remaining.map(JSONValue.string))),
        ]
    }
}
