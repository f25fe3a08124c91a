public import Model

/// Collects findings: gives them their fingerprints, their places and their acknowledgements.
public struct FindingList: Sendable {
    /// The findings so far, in the order they were added.
    public private(set) var findings: [Finding] = []
    private let digest: any Digest
    private let acknowledgements: [String: Acknowledgement]
    private let prefix: String
    private var seen: [String: Int] = [:]

    /// An empty list.
    ///
    /// - Parameters:
    ///   - acknowledgements: what is known; those that ended before `now` don't count.
    ///   - prefix: what paths begin with, so that they lead there from where the report is read: `gateway/` or nothing.
    public init(
        digest: any Digest, acknowledgements: [Acknowledgement] = [], now: Timestamp, prefix: String = ""
    ) {
        self.digest = digest
        self.prefix = prefix
        self.acknowledgements = Dictionary(
            acknowledgements.filter { $0.expires > now }.map { ($0.fingerprint, $0) },
            // Of several the one that lasts longest.
            uniquingKeysWith: { $0.expires >= $1.expires ? $0 : $1 })
    }

    /// Adds a finding.
    ///
    /// - Parameters:
    ///   - identity: what was found, without revision, lines and times; the message where nil.
    ///   - canBeAcknowledged: whether a document of the repository may say that it is known.
    public mutating func add(
        _ rule: String, _ level: Finding.Level, object: ObjectID? = nil, message: String, suggestion: String? = nil,
        location: SourceLocation? = nil, change: Change? = nil, identity: [String]? = nil,
        canBeAcknowledged: Bool = false
    ) {
        let fingerprint = numbered(
            FindingFingerprint.form(rule, object, place: location?.path ?? "", identity: identity ?? [message]))
        findings.append(
            Finding(
                rule: rule, level: level, object: object, message: TerminalText.escaped(message),
                suggestion: suggestion, location: location.map(placed), fingerprint: fingerprint,
                acknowledgement: canBeAcknowledged ? acknowledgements[fingerprint] : nil, change: change))
    }

    private func placed(_ location: SourceLocation) -> SourceLocation {
        prefix.isEmpty
            ? location : SourceLocation(path: prefix + location.path, line: location.line, column: location.column)
    }

    /// Equal findings of one report are told apart by their number.
    private mutating func numbered(_ form: CanonicalForm) -> String {
        var form = form
        let fingerprint = FindingFingerprint.text(form, digest)
        let number = (seen[fingerprint] ?? 0) + 1
        seen[fingerprint] = number
        if number == 1 { return fingerprint }
        form.append("\(number)")
        return FindingFingerprint.text(form, digest)
    }
}
