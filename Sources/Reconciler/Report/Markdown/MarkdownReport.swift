import Model

/// A report as a comment on a pull request (GitHub, GitLab, Forgejo): what is refused and what goes comes first, then the
/// rest by kind; what has no room is counted.
///
/// Text of others stands only in code spans and fenced blocks that it can't end, where nobody is mentioned and nothing is
/// a link.
struct MarkdownReport {
    let report: FindingReport
    /// The longest comment in bytes: GitHub takes 65,536 characters, and something may be put around it.
    static let limit = 60_000

    init(_ report: FindingReport) {
        self.report = report
    }

    /// The first line: by it a pipeline finds its comment to write it anew.
    static func marker(_ command: String) -> String { "<!-- wirebuddy \(command) -->" }

    /// The comment.
    var text: String {
        var sheet = MarkdownSheet(limit: Self.limit)
        sheet.add(Self.marker(report.command))
        sheet.add("### WireBuddy \(report.command): \(headline)")
        sheet.add(MarkdownText.code(report.summary, limit: 1000))
        sheet.reserve(footer)
        let open = report.findings.filter { $0.acknowledgement == nil }
        sheet.list("Refused", open.filter { $0.rule.hasPrefix("rail/") }.map(item))
        sheet.list("Errors", open.filter { $0.level == .error && !$0.rule.hasPrefix("rail/") }.map(item))
        let changes = open.filter { $0.change != nil }
        sheet.changes("Goes, or ends sessions", changes.filter(\.isDestructive))
        let rest = changes.filter { !$0.isDestructive }
        sheet.changes("Drift", rest.filter { $0.change?.reason == .drift })
        let asked = rest.filter { $0.change?.reason != .drift }
        for kind in ObjectID.Kind.allCases {
            let ofKind = asked.filter { $0.object?.kind == kind }
            let noun = kind.noun(ofKind.count)
            sheet.changes(noun.prefix(1).uppercased() + noun.dropFirst(), ofKind)
        }
        sheet.list("Warnings", open.filter { $0.level == .warning && $0.change == nil }.map(item))
        sheet.list("Notes", open.filter { $0.level == .note && $0.change == nil }.map(item))
        sheet.list("Acknowledged", report.findings.filter { $0.acknowledgement != nil }.map(item))
        return sheet.finish()
    }

    private var headline: String {
        if report.failure != nil { return "could not look" }
        return report.exitCode.meaning
    }

    private var footer: String {
        let parts = [
            report.planID.flatMap { $0.isEmpty ? nil : "plan \(MarkdownText.code($0, limit: 80))" },
            report.revision.map { "revision \(MarkdownText.code($0, limit: 80))" },
            "exit code \(report.exitCode.rawValue)",
        ]
        return parts.compactMap(\.self).joined(separator: " · ")
    }

    private func item(_ finding: Finding) -> String {
        let place = finding.location.map { " at \(MarkdownText.code($0.description, limit: 300))" } ?? ""
        var text = "- \(MarkdownText.code(finding.rule, limit: 100))"
        if let object = finding.object { text += " \(MarkdownText.code(object.description, limit: 300))" }
        text += "\(place): \(MarkdownText.code(finding.message, limit: 600))"
        if let suggestion = finding.suggestion { text += "; \(MarkdownText.code(suggestion, limit: 600))" }
        if let known = finding.acknowledgement { text += "; \(MarkdownText.code(known.sentence, limit: 600))" }
        return text
    }
}
