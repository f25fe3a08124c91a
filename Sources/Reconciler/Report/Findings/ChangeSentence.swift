import Model

/// A change in one line, for formats without room for more.
struct ChangeSentence {
    let change: Change

    init(_ change: Change) {
        self.change = change
    }

    /// `drift: would change; address: (none) → 10.8.0.1/24`.
    var text: String {
        // The lines of the text report: a head with sign and object, which is said apart here, then one per field.
        let lines = ChangeText(change, style: .plain).lines
        let head = lines.first.map { $0.split(separator: "  (", maxSplits: 1) } ?? []
        let remarks = head.count == 2 ? " (\(head[1])" : ""
        let fields = lines.dropFirst().map { String($0.drop { $0 == " " }) }
        return (["\(verb)\(remarks)"] + fields).joined(separator: "; ")
    }

    private var verb: String {
        let isDrift = change.reason == .drift
        return switch change.action {
        case .create: isDrift ? "is missing on the host" : "would be created"
        case .update: isDrift ? "differs on the host from what was applied" : "would be changed"
        case .delete: isDrift ? "is on the host and was not applied" : "would be deleted"
        case .adopt: "would be taken over"
        }
    }
}
