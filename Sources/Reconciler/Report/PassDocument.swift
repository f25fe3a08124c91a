public import Model

/// The report of a preview in every format: what `wirebuddy plan` and `wirebuddy drift` print.
public struct PassDocument: Sendable {
    /// The report.
    public let report: PassReport
    /// What it is about.
    public let view: PassFindings.View
    /// What was found.
    public let findings: [Finding]
    /// How a command ends that prints it.
    public let exitCode: ExitCode
    /// The name of the host, for documents that say whose they are.
    public var gateway = "the gateway"
    /// Since when drift stands and who may have caused it, where that is known; HTML shows it.
    public var history: DriftHistory?
    /// The version of the program.
    private let version: String

    /// A document.
    ///
    /// - Parameter prefix: what paths begin with, as ``FindingList`` has it.
    public init(
        _ report: PassReport, _ view: PassFindings.View, version: String, digest: any Digest, prefix: String = ""
    ) {
        self.report = report
        self.view = view
        self.version = version
        let found = PassFindings(report, view, digest: digest, prefix: prefix)
        findings = found.findings
        exitCode = found.exitCode
    }

    /// The document in a format.
    ///
    /// - Parameter text: how it is written for people.
    public func bytes(_ format: ReportFormat, text: PassText) -> [UInt8] {
        switch format {
        case .text:
            switch view {
            case .plan: Array(text.render().utf8)
            case .drift: Array(drift(text).utf8)
            }
        case .json: json.document()
        case .html:
            Array(HTMLReport(report, view == .plan ? .plan : .drift, gateway: gateway, history: history).render().utf8)
        case .markdown, .sarif, .junit, .github: findingReport.bytes(format)
        }
    }

    /// The document for programs.
    public var json: JSONValue {
        let document = PassJSON(report, exitCode: exitCode.rawValue)
        let value = view == .plan ? document.plan : document.drift
        return .object((value.entries ?? []) + [("findings", findingReport.json)])
    }

    /// What the formats of others are made of.
    public var findingReport: FindingReport {
        let changes = view == .plan ? report.plan.changes : report.plan.drift
        let known = findings.count { $0.acknowledgement != nil }
        let refused = findings.count { $0.rule.hasPrefix("rail/") }
        let errors = findings.count { $0.level == .error } - refused
        let counts = [
            PlanSummary(changes).text(countsDrift: view == .plan),
            refused > 0 ? Counting.counted(refused, "refusal") : nil,
            errors > 0 ? Counting.counted(errors, "error") : nil,
            known > 0 ? "\(Counting.grouped(known)) acknowledged" : nil,
        ].compactMap(\.self)
        // Whoever reads the comment has to know what it does not tell.
        let source = report.simulation.map {
            ". Planned from the files of \($0.base), not from a host: \(PassReport.SimulationInfo.unknown)"
        }
        let window = view == .plan ? report.windowSentence.map { "; \($0)" } : nil
        let nothing = view == .plan ? "in sync: nothing to change" : "no drift: the host is as it was applied"
        return FindingReport(
            command: view.rawValue, version: version, exitCode: exitCode, at: report.startedAt,
            revision: report.revision?.id ?? report.inForce, planID: report.plan.id, findings: findings,
            summary: (counts.isEmpty ? nothing : counts.joined(separator: "; ")) + (source ?? "")
                + (window ?? ""))
    }

    /// Drift for people: each with the fingerprint by which it can be acknowledged, or with the acknowledgement.
    private func drift(_ text: PassText) -> String {
        let found = Dictionary(
            findings.compactMap { finding in finding.change.map { ($0, finding) } },
            uniquingKeysWith: { first, _ in first })
        return PlanText(report.plan, style: text.style, limit: text.limit).renderDrift { change in
            guard let finding = found[change] else { return nil }
            return finding.acknowledgement?.sentence ?? "fingerprint \(finding.fingerprint)"
        }
    }
}
