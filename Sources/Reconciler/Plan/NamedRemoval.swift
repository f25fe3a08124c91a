public import Model

/// The consent to a removal that names its peer, by REST or command. It makes the removal a revocation: it goes first,
/// passes every rail and runs while the loop is suspended. A peer whose document is merely absent has none.
public struct NamedRemoval: Sendable, Hashable {
    /// The key of the peer.
    public var publicKey: PublicKey
    /// When it was named.
    public var at: Timestamp

    /// How long it counts, in seconds: a write that came to nothing must not consent to something much later.
    public static let lifetime: Int64 = 86_400

    private static let word = "removal"

    /// A removal that is named now.
    public init(of publicKey: PublicKey, at instant: Timestamp) {
        self.publicKey = publicKey
        at = instant
    }

    /// Reads one among the approvals of the inventory; nil for what is none.
    public init?(_ approval: String) {
        let words = approval.split(separator: " ")
        guard words.count == 3, words[0] == Self.word, let key = PublicKey(String(words[1])),
            let seconds = Int64(words[2])
        else { return nil }
        publicKey = key
        at = Timestamp(seconds: seconds)
    }

    /// As it stands among the approvals.
    public var approval: String { "\(Self.word) \(publicKey) \(at.seconds)" }

    /// Whether it counts no more.
    public func isOver(at now: Timestamp) -> Bool { now.seconds - at.seconds >= Self.lifetime }
}

extension PlanInput {
    /// The keys of peers whose removal was named.
    var namedRemovals: Set<PublicKey> {
        Set(
            inventory.approvals.union(approvals).lazy.compactMap(NamedRemoval.init).filter { !$0.isOver(at: now) }
                .map(\.publicKey))
    }
}
