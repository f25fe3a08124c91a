import Model

/// One change of a report: a line that opens.
struct HTMLChange {
    private let change: Change
    private let isRefused: Bool
    private let record: DriftRecord?

    /// - Parameter record: what the history knows of it, where it is drift.
    init(_ change: Change, isRefused: Bool, record: DriftRecord?) {
        self.change = change
        self.isRefused = isRefused
        self.record = record
    }

    func render(isOpen: Bool) -> String {
        let isDrift = change.reason == .drift
        let content =
            HTMLPiece.fields(
                change.fields, before: isDrift ? "Found" : "Now", after: isDrift ? "Applied" : "Wanted")
            + HTMLPiece.list([
                ("public key", change.publicKey?.description), ("id", change.peerID),
                ("impact", change.impact == .none ? nil : change.impact.words),
                ("live sessions", change.liveSessions > 0 ? Counting.grouped(change.liveSessions) : nil),
                ("first seen", record?.firstSeen.description), ("last seen", record?.lastSeen.description),
                ("seen", record.flatMap { $0.count > 1 ? "\(Counting.grouped($0.count)) times" : nil }),
                ("writer", isDrift && record != nil ? record?.writer?.description ?? "unknown" : nil),
                ("digest", change.digest.isEmpty ? nil : change.digest),
            ])
        return HTMLPiece.object(
            change.action.word, change.action.role, name: change.object.description,
            more: remarks.joined(separator: ", "), isOpen: isOpen, content)
    }

    private var remarks: [String] {
        var remarks = isRefused ? ["refused"] : []
        switch change.reason {
        case .desiredChanged: remarks.append("changed in the repository")
        case .drift: remarks.append("drift")
        case .prune: remarks.append("no longer declared")
        case .adopt: remarks.append("taken over")
        case .expired: remarks.append("expired")
        case .revoked: remarks.append("revoked")
        case .keyRotation: remarks.append("key rotation")
        }
        if change.impact != .none { remarks.append(change.impact.words) }
        if change.isReportOnly { remarks.append("only reported by the loop") }
        return remarks
    }
}

extension Change.Impact {
    /// The impact inside of a sentence.
    var words: String {
        switch self {
        case .none: "no session is touched"
        case .newHandshake: "sessions make a new handshake"
        case .sessionLoss: "sessions end"
        case .reimport: "devices need a new configuration"
        case .lockoutRisk: "the admin may be locked out"
        }
    }
}

extension Change.Action {
    /// What is done, in a word.
    var word: String {
        switch self {
        case .create: "create"
        case .update: "change"
        case .delete: "delete"
        case .adopt: "adopt"
        }
    }

    /// The class of its colour.
    var role: String {
        switch self {
        case .create: "good"
        case .update: "warning"
        case .delete: "failure"
        case .adopt: "adopted"
        }
    }
}
