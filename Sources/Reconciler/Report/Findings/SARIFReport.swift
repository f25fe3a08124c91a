import Model

/// A report as SARIF 2.1.0 (OASIS standard with errata 01), as code scanning reads it.
struct SARIFReport {
    let report: FindingReport

    init(_ report: FindingReport) {
        self.report = report
    }

    /// The bytes of the document.
    var document: [UInt8] { value.document() }

    /// The document.
    var value: JSONValue {
        .object([
            (
                "$schema",
                .string("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
            ),
            ("version", .string("2.1.0")),
            ("runs", .array([run])),
        ])
    }

    private var run: JSONValue {
        var rules: [String] = []
        var index: [String: Int] = [:]
        for finding in report.findings where index[finding.rule] == nil {
            index[finding.rule] = rules.count
            rules.append(finding.rule)
        }
        let driver: JSONValue = .object([
            ("name", .string("WireBuddy")), ("version", .string(report.version)),
            ("rules", .array(rules.map { FindingRule($0).json })),
        ])
        return .object([
            ("tool", .object([("driver", driver)])),
            // Results of another command are another set: neither closes the findings of the other.
            ("automationDetails", .object([("id", .string("wirebuddy/\(report.command)/"))])),
            // Columns of source places count Unicode scalars.
            ("columnKind", .string("unicodeCodePoints")),
            ("invocations", .array([invocation])),
            ("results", .array(report.findings.map { result($0, index[$0.rule] ?? 0) })),
            (
                "properties",
                .object(
                    [("revision", report.revision), ("plan", report.planID)].compactMap { name, value in
                        value.map { (name, .string($0)) }
                    })
            ),
        ])
    }

    private var invocation: JSONValue {
        var entries: [(String, JSONValue)] = [
            ("executionSuccessful", .boolean(report.failure == nil)),
            ("exitCode", .number(Int(report.exitCode.rawValue))),
            ("exitCodeDescription", .string(report.exitCode.meaning)),
            ("endTimeUtc", .string(report.at.description)),
        ]
        if let failure = report.failure {
            let notification: JSONValue = .object([("level", .string("error")), ("message", Self.message(failure))])
            entries.append(("toolExecutionNotifications", .array([notification])))
        }
        return .object(entries)
    }

    private func result(_ finding: Finding, _ rule: Int) -> JSONValue {
        var message = (finding.object.map { "\($0): " } ?? "") + finding.message
        if let suggestion = finding.suggestion { message += "\n\(suggestion)" }
        var entries: [(String, JSONValue)] = [
            ("ruleId", .string(finding.rule)), ("ruleIndex", .number(rule)),
            ("level", .string(finding.level.rawValue)), ("message", Self.message(message)),
            ("locations", .array(Self.location(finding).map { [$0] } ?? [])),
            ("partialFingerprints", .object([("wirebuddy/v1", .string(finding.fingerprint))])),
        ]
        if let known = finding.acknowledgement {
            let suppression: JSONValue = .object([
                ("kind", .string("external")), ("status", .string("accepted")),
                ("justification", .string(known.sentence)),
            ])
            entries.append(("suppressions", .array([suppression])))
        }
        return .object(entries)
    }

    private static func location(_ finding: Finding) -> JSONValue? {
        var entries: [(String, JSONValue)] = []
        if let place = finding.location {
            let artifact: JSONValue = .object([
                ("uri", .string(uri(place.path))), ("uriBaseId", .string("%SRCROOT%")),
            ])
            let region: JSONValue = .object([
                ("startLine", .number(place.line)), ("startColumn", .number(place.column)),
            ])
            entries.append(("physicalLocation", .object([("artifactLocation", artifact), ("region", region)])))
        }
        if let object = finding.object {
            let logical: JSONValue = .object([
                ("name", .string(object.name)), ("fullyQualifiedName", .string(object.description)),
                ("kind", .string(object.kind.rawValue.lowercased())),
            ])
            entries.append(("logicalLocations", .array([logical])))
        }
        return entries.isEmpty ? nil : .object(entries)
    }

    /// Messages are plain text, but `[` begins a link and `\` escapes in them (3.11.6).
    private static func message(_ text: String) -> JSONValue {
        .object([
            (
                "text",
                .string(text.replacing("\\", with: "\\\\").replacing("[", with: "\\[").replacing("]", with: "\\]"))
            )
        ])
    }

    /// A path as a relative reference (RFC 3986).
    static func uri(_ path: String) -> String {
        var text = ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return text
    }
}
