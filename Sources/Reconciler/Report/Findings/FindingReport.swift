public import Model

/// What a command found, whatever it looked at: all that the formats for programs of others are made of.
public struct FindingReport: Sendable {
    /// The command: `validate`, `plan`, `drift`.
    public var command: String
    /// The version of the program.
    public var version: String
    /// How the command ends.
    public var exitCode: ExitCode
    /// When it looked.
    public var at: Timestamp
    /// The revision that was looked at.
    public var revision: String?
    /// The digest that `apply --plan-id` takes.
    public var planID: String?
    /// What was found.
    public var findings: [Finding]
    /// All of it in a few words.
    public var summary: String
    /// What kept the command from looking.
    public var failure: String?

    /// A report.
    public init(
        command: String, version: String, exitCode: ExitCode, at: Timestamp, revision: String? = nil,
        planID: String? = nil, findings: [Finding], summary: String, failure: String? = nil
    ) {
        self.command = command
        self.version = version
        self.exitCode = exitCode
        self.at = at
        self.revision = revision
        self.planID = planID
        self.findings = findings
        self.summary = summary
        self.failure = failure
    }

    /// The report in a format that is made of findings alone. Text and JSON are the commands' own; asked for them, this is
    /// Markdown.
    public func bytes(_ format: ReportFormat) -> [UInt8] {
        switch format {
        case .sarif: SARIFReport(self).document
        case .junit: Array(JUnitReport(self).text.utf8)
        case .github: Array(WorkflowCommands(self).text.utf8)
        case .html: Array(HTMLFindings(self).render().utf8)
        case .markdown, .text, .json: Array(MarkdownReport(self).text.utf8)
        }
    }

    /// The findings as JSON, part of the documents of the commands.
    public var json: JSONValue { .array(findings.map(Self.json)) }

    private static func json(_ finding: Finding) -> JSONValue {
        .object([
            ("rule", .string(finding.rule)),
            ("level", .string(finding.level.rawValue)),
            ("object", PlanJSON.json(finding.object)),
            ("message", .string(finding.message)),
            ("suggestion", .optional(finding.suggestion)),
            (
                "location",
                finding.location.map {
                    .object([("path", .string($0.path)), ("line", .number($0.line)), ("column", .number($0.column))])
                } ?? .null
            ),
            ("fingerprint", .string(finding.fingerprint)),
            (
                "acknowledgement",
                finding.acknowledgement.map {
                    .object([
                        ("name", .string($0.name)), ("reason", .string($0.reason)),
                        ("expires", .string($0.expires.description)),
                    ])
                } ?? .null
            ),
        ])
    }
}

extension ExitCode {
    /// What the code says, for reports.
    public var meaning: String {
        switch self {
        case .success: "done, or in sync"
        case .error: "an error"
        case .changes: "there are changes"
        case .invalid: "the desired state is not valid"
        case .refused: "a rail refused"
        case .stale: "the plan is stale, or there was a conflict"
        case .locked: "another pass has the lock"
        case .partial: "only a part was applied"
        case .rolledBack: "it was rolled back"
        case .timedOut: "waiting took too long"
        case .usage: "the command line makes no sense"
        }
    }
}

extension Acknowledgement {
    /// `acknowledged until 2027-01-01T00:00:00Z: reason`, in one line.
    public var sentence: String { "acknowledged until \(expires): \(TerminalText.escaped(reason))" }
}
