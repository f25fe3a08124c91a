public import Model

/// Who probably changed the host beside us, and what points to it. It is a clue, never a proof.
public struct LikelyWriter: Sendable, Hashable {
    /// The program, or the programs that come into question.
    public var name: String
    /// What was seen that points there.
    public var evidence: String

    /// A clue.
    public init(name: String, evidence: String) {
        self.name = name
        self.evidence = evidence
    }

    /// `probably systemd-networkd: it runs and has wg0 configured`.
    public var description: String { "probably \(name): \(evidence)" }
}

/// What the host shows of other programs that write what is ours.
public protocol WriterClues: Sendable {
    /// The likely writers of drift, by object. An object that nothing points to is left out: nothing is guessed.
    func writers(of drift: [Change], in observed: ObservedState) -> [ObjectID: LikelyWriter]
}
