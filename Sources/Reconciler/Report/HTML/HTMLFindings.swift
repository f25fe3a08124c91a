import Model

/// Findings as one HTML file: what `validate` found, or what kept a command from looking.
struct HTMLFindings {
    let report: FindingReport

    init(_ report: FindingReport) {
        self.report = report
    }

    func render() -> String {
        let verdict = report.exitCode == .success ? "good" : "bad"
        let body =
            HTMLPiece.card(verdict, HTMLPiece.paragraph(report.summary))
            + HTMLPiece.section("Findings", findings)
        let lines = ["\(report.at)"] + (report.revision.map { ["revision \($0)"] } ?? [])
        return HTMLPage(title: "wirebuddy \(report.command)", lines: lines, body: body).render()
    }

    private var findings: String {
        let shown = report.findings.prefix(HTMLReport.limit)
        let rest = report.findings.count - shown.count
        return shown.map { finding in
            HTMLPiece.object(
                finding.level.rawValue, finding.level == .error ? "bad" : "", name: finding.message,
                more: finding.location?.description ?? "", isOpen: finding.level == .error,
                HTMLPiece.list([
                    ("rule", finding.rule), ("object", finding.object?.description), ("what to do", finding.suggestion),
                    ("acknowledged", finding.acknowledgement?.sentence), ("fingerprint", finding.fingerprint),
                ]))
        }.joined() + (rest > 0 ? HTMLPiece.paragraph("\(Counting.grouped(rest)) more") : "")
    }
}
