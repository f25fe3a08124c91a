import Model

/// A report as workflow commands of GitHub Actions, which become annotations of the lines they name:
/// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
struct WorkflowCommands {
    let report: FindingReport

    init(_ report: FindingReport) {
        self.report = report
    }

    /// One command a line, errors first since only the first ten of a level are shown; then the summary.
    var text: String {
        let findings = report.findings.enumerated()
            .sorted { (Self.level($0.element), $0.offset) < (Self.level($1.element), $1.offset) }
            .map { Self.command($0.element) }
        let summary = "wirebuddy \(report.command): \(report.summary) (exit code \(report.exitCode.rawValue))"
        // A line that is no command must not look like one.
        return (findings + [Self.plain(summary)]).map { "\($0)\n" }.joined()
    }

    private static func level(_ finding: Finding) -> Finding.Level {
        finding.acknowledgement == nil ? finding.level : .note
    }

    private static func command(_ finding: Finding) -> String {
        let name =
            switch level(finding) {
            case .error: "error"
            case .warning: "warning"
            case .note: "notice"
            }
        var properties: [(String, String)] = []
        if let location = finding.location {
            properties += [("file", location.path), ("line", "\(location.line)"), ("col", "\(location.column)")]
        }
        properties.append(("title", "WireBuddy \(finding.rule)"))
        var message = (finding.object.map { "\($0): " } ?? "") + finding.message
        if let suggestion = finding.suggestion { message += "\n\(suggestion)" }
        if let known = finding.acknowledgement { message += "\n\(known.sentence)" }
        let list = properties.map { "\($0)=\(escapedProperty($1))" }.joined(separator: ",")
        return "::\(name) \(list)::\(escaped(message))"
    }

    /// `%`, CR and LF are what the message of a command escapes.
    static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "%": "%25"
            case "\r": "%0D"
            case "\n": "%0A"
            default: String(scalar)
            }
        }.joined()
    }

    /// Properties escape `:` and `,` besides.
    static func escapedProperty(_ text: String) -> String {
        escaped(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }

    /// Text that is no command, on one line: neither the form of today nor `##[command]`, which older runners know.
    private static func plain(_ text: String) -> String {
        TerminalText.escaped(text).replacing("##[", with: "## [")
    }
}
