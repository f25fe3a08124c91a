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
        let fingerprint = fingerprint(
            [rule, object?.kind.rawValue ?? "", object?.name ?? location?.path ?? ""]
                + (identity ?? [message]).map(Self.stable))
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
    private mutating func fingerprint(_ parts: [String]) -> String {
        var form = CanonicalForm()
        for part in parts { form.append(part) }
        let key = digest.digest(form.bytes).description
        let number = (seen[key] ?? 0) + 1
        seen[key] = number
        if number == 1 { return String(key.prefix(16)) }
        form.append("\(number)")
        return String(digest.digest(form.bytes).description.prefix(16))
    }

    /// Without what changes though nothing about the finding does: positions in files, and the numbers that masks of
    /// secrets have in a plan.
    private static func stable(_ text: String) -> String {
        // Most texts are short values without either, and a first plan has many of them.
        guard text.utf8.contains(UInt8(ascii: "<")) || text.utf8.contains(UInt8(ascii: "y")) else { return text }
        return text.replacing(/(\.ya?ml):\d+(:\d+)?/) { "\($0.output.1)" }.replacing(/<secret #\d+>/, with: "<secret>")
    }
}
