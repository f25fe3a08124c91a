import Model

/// A report as JUnit XML, in the part of it that all readers agree on: Ant's and Maven's schema and that of Jenkins. What
/// fails the command is a failed test, what is acknowledged a skipped one; what is as it was asked for passes.
struct JUnitReport {
    let report: FindingReport

    init(_ report: FindingReport) {
        self.report = report
    }

    /// The document.
    var text: String {
        // What kept the command from looking is the error of its own test.
        let findings = report.findings.filter { report.failure == nil || !$0.rule.hasPrefix("problem/") }
        let failures = findings.count { outcome($0) == .failed }
        let skipped = findings.count { outcome($0) == .skipped }
        let errors = report.failure == nil ? 0 : 1
        // Readers want the local time without a zone; that of a gateway is UTC.
        let time = report.at.description.replacing("Z", with: "")
        var lines = [
            #"<?xml version="1.0" encoding="UTF-8"?>"#,
            "<testsuites>",
            "  <testsuite id=\"0\" package=\"wirebuddy\" name=\"\(attribute("wirebuddy.\(report.command)"))\""
                + " timestamp=\"\(attribute(time))\" hostname=\"localhost\" tests=\"\(findings.count + 1)\""
                + " failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\" time=\"0\">",
            "    <properties>",
            property("exit_code", "\(report.exitCode.rawValue)"),
            property("version", report.version),
        ]
        if let revision = report.revision { lines.append(property("revision", revision)) }
        if let plan = report.planID { lines.append(property("plan", plan)) }
        lines.append("    </properties>")
        lines += testCase("wirebuddy", report.command, report.failure.map { element("error", $0, report.summary) })
        for finding in findings { lines += testCase(finding) }
        lines += [
            "    <system-out>\(XMLText.escaped(output))</system-out>",
            "    <system-err></system-err>",
            "  </testsuite>",
            "</testsuites>",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    /// What becomes of a finding among tests.
    private enum TestOutcome {
        case passed
        case skipped
        case failed
    }

    private func outcome(_ finding: Finding) -> TestOutcome {
        if finding.acknowledgement != nil { return .skipped }
        switch finding.level {
        case .error: return .failed
        // Drift is what `drift` looks for; in a plan it is healed.
        case .warning: return report.command == "drift" && finding.change != nil ? .failed : .passed
        case .note: return .passed
        }
    }

    private func testCase(_ finding: Finding) -> [String] {
        let place = finding.location.map { "\($0): " } ?? ""
        let content: String? =
            switch outcome(finding) {
            case .passed: nil
            case .skipped:
                "<skipped message=\"\(attribute(finding.acknowledgement?.sentence ?? ""))\"/>"
            case .failed:
                element(
                    "failure", finding.message,
                    "\(place)\(finding.message)" + (finding.suggestion.map { "\n\($0)" } ?? ""), type: finding.rule)
            }
        // The fingerprint keeps names apart, and a test has the same one in the next run.
        return testCase(
            "wirebuddy.\(finding.rule.replacing("/", with: "."))",
            "\(finding.subject ?? report.command) [\(finding.fingerprint)]", content)
    }

    private func testCase(_ group: String, _ name: String, _ content: String?) -> [String] {
        let head = "    <testcase classname=\"\(attribute(group))\" name=\"\(attribute(name))\" time=\"0\""
        guard let content else { return ["\(head)/>"] }
        return ["\(head)>", "      \(content)", "    </testcase>"]
    }

    private func element(_ name: String, _ message: String, _ text: String, type: String? = nil) -> String {
        let type = type ?? "exit-code-\(report.exitCode.rawValue)"
        return
            "<\(name) message=\"\(attribute(message))\" type=\"\(attribute(type))\">\(XMLText.escaped(text))</\(name)>"
    }

    private func property(_ name: String, _ value: String) -> String {
        "      <property name=\"\(name)\" value=\"\(attribute(value))\"/>"
    }

    private func attribute(_ text: String) -> String { XMLText.escaped(text) }

    /// What passes says its line here.
    private var output: String {
        let lines = report.findings.filter { outcome($0) == .passed }.map { finding in
            "\(finding.level.rawValue) \(finding.rule) \(finding.subject.map { "\($0): " } ?? "")\(finding.message)"
        }
        return (lines + [report.summary]).map { TerminalText.escaped($0) }.joined(separator: "\n")
    }
}
