public import Manifest

extension Intent {
    /// Several wishes as one: each sees what those before it made of the tree, and all of them become one commit or
    /// none.
    ///
    /// - Returns: an intent whose outcome has a part for each; it throws ``GatewayFailure/part(_:_:)``.
    public static func sequence(_ intents: [Intent]) -> Intent {
        Intent(
            isRevocation: !intents.isEmpty && intents.allSatisfy(\.isRevocation),
            isConsent: !intents.isEmpty && intents.allSatisfy(\.passesRails)
        ) { tree throws(GatewayFailure) in
            var sequence = IntentSequence(tree)
            for (number, intent) in intents.enumerated() {
                do throws(GatewayFailure) {
                    try sequence.add(intent)
                } catch {
                    throw .part(number, error)
                }
            }
            return sequence.outcome
        }
    }

    /// The same wish, but only if `check` finds the tree as the caller saw it. It looks at the very tree that is
    /// committed on, so that no change of somebody else is overwritten.
    public func guarded(_ check: @escaping @Sendable (ManifestTree) throws(GatewayFailure) -> Void) -> Intent {
        Intent(isRevocation: isRevocation, isConsent: isConsent) { tree throws(GatewayFailure) in
            try check(tree)
            return try run(tree)
        }
    }
}

/// Outcomes that are gathered on one tree.
private struct IntentSequence {
    private var tree: ManifestTree
    private var parts: [IntentOutcome] = []
    private var paths: [String] = []
    private var contents: [String: [UInt8]?] = [:]

    init(_ tree: ManifestTree) {
        self.tree = tree
    }

    mutating func add(_ intent: Intent) throws(GatewayFailure) {
        let part = try intent.run(tree)
        parts.append(part)
        guard let change = part.change else { return }
        tree.apply(change)
        for file in change.files {
            if contents.updateValue(file.content, forKey: file.path) == nil { paths.append(file.path) }
        }
    }

    var outcome: IntentOutcome {
        var outcome = IntentOutcome(change: change, object: parts.first?.object ?? .settings)
        outcome.parts = parts
        for part in parts {
            outcome.consent.keys.formUnion(part.consent.keys)
            outcome.consent.interfaces.formUnion(part.consent.interfaces)
            outcome.consent.users.formUnion(part.consent.users)
            outcome.revoked += part.revoked
        }
        return outcome
    }

    private var change: TreeChange? {
        let changes = parts.compactMap(\.change)
        guard let first = changes.first else { return nil }
        let files = paths.map { FileChange(path: $0, content: contents[$0] ?? nil) }
        guard changes.count > 1 else { return TreeChange(subject: first.subject, body: first.body, files: files) }
        let shown = changes.prefix(Self.shownSubjects).map { "- \($0.subject)" }
        let more = changes.count - shown.count
        return TreeChange(
            subject: Subject.of("Make \(changes.count) changes"),
            body: (shown + (more > 0 ? ["and \(more) more"] : [])).joined(separator: "\n"), files: files)
    }

    /// How many wishes the commit names.
    private static let shownSubjects = 100
}
