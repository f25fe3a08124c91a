import ArgumentParser
import Credentials
import Manifest
import Model
import Reconciler
import Repository

/// `wirebuddy validate`.
struct ValidateCommand: ReportCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check the configuration as it stands in the directory; needs no root and no network.",
        discussion: """
            Examples:
              wirebuddy validate --config .
              wirebuddy validate --config . --format github    as annotations of the lines of a pull request

            All problems of all files in one run, each as path:line:column. Ends with 10 when there is an error, with 0 \
            when there are only warnings.
            """)

    @OptionGroup var host: HostOptions

    @Option(name: .long, help: "The format of the report.")
    var format = ReportFormat.text

    @Flag(name: .long, help: "Check the head of the branch, which is what apply takes, instead of the files.")
    var head = false

    @Flag(
        name: .customLong("readonly"),
        help: "Nothing will be written back: an absent address or key is an error with the line to paste.")
    var isReadOnly = false

    func execute(_ console: Console) async throws -> ExitStatus {
        var composition = try GatewayComposition(global)
        if isReadOnly { composition.settings.mode = .init(content: .readOnly, origin: .flag("--readonly")) }
        let revision = try await load(composition)
        let status: ExitStatus = revision.catalog == nil ? .invalid : .success
        let report = report(revision, status, at: composition.clock.now())
        switch console.reportFormat {
        case .text, .json:
            console.result(
                text: text(revision, report, composition, console.style), json: json(revision, report, status))
        case .markdown, .html, .sarif, .junit, .github: console.report(report.bytes(console.reportFormat))
        }
        return status
    }

    private func load(_ composition: GatewayComposition) async throws -> LoadedRevision {
        let repository = composition.repository
        let now = composition.clock.now()
        do {
            return try await Progress.show("reading \(repository.directory)") {
                head ? try await repository.load(now: now) : try await repository.loadWorktree(now: now)
            }
        } catch let failure as RevisionFailure {
            throw CommandFailure(failure)
        }
    }

    private func report(_ revision: LoadedRevision, _ status: ExitStatus, at now: Timestamp) -> FindingReport {
        var list = FindingList(
            digest: BLAKE2b256(), acknowledgements: revision.catalog?.acknowledgements ?? [], now: now,
            prefix: placesBelow)
        for problem in revision.problems { list.add(DeclaredProblem(problem)) }
        return FindingReport(
            command: "validate", version: Version.text, exitCode: status, at: now, revision: revision.id,
            findings: list.findings, summary: summary(revision, list.findings))
    }

    private func summary(_ revision: LoadedRevision, _ findings: [Finding]) -> String {
        let known = findings.count { $0.acknowledgement != nil }
        let found = [
            (findings.count { $0.level == .error }, "error"),
            (findings.count { $0.level == .warning && $0.acknowledgement == nil }, "warning"),
            (known, "acknowledged warning"),
        ].filter { $0.0 > 0 }.map { Counting.counted($0.0, $0.1) }.joined(separator: ", ")
        guard let catalog = revision.catalog else { return "not valid: \(found)" }
        return "valid: \(Counting.counted(catalog.interfaces.count, "interface")), "
            + Counting.counted(catalog.peers.count, "peer") + (found.isEmpty ? "" : "; \(found)")
    }

    private func text(
        _ revision: LoadedRevision, _ report: FindingReport, _ composition: GatewayComposition, _ style: TextStyle
    ) -> String {
        var lines = composition.warnings
        for (problem, finding) in zip(revision.problems, report.findings) {
            lines.append(problem.render())
            if let known = finding.acknowledgement {
                lines.append("    \(known.sentence)")
            } else if finding.level == .warning {
                lines.append("    fingerprint \(finding.fingerprint)")
            }
        }
        let (word, role): (String, TextStyle.Role) =
            revision.catalog == nil ? ("not valid", .failure) : ("valid", .good)
        lines.append(style.paint(word, role) + report.summary.dropFirst(word.count))
        return lines.joined(separator: "\n") + "\n"
    }

    private func json(_ revision: LoadedRevision, _ report: FindingReport, _ status: ExitStatus) -> JSONValue {
        .object([
            ("document", .string("validate")),
            ("exit_code", .number(Int(status.rawValue))),
            ("valid", .boolean(revision.catalog != nil)),
            ("revision", .string(revision.id)),
            ("origin", .string(revision.origin)),
            (
                "objects",
                revision.catalog.map {
                    .object([("interfaces", .number($0.interfaces.count)), ("peers", .number($0.peers.count))])
                } ?? .null
            ),
            (
                "problems",
                .array(
                    revision.problems.map { problem in
                        .object([
                            ("path", .string(problem.path)), ("line", .number(problem.line)),
                            ("column", .number(problem.column)),
                            ("severity", .string(problem.severity.rawValue)),
                            ("code", .string(problem.code.rawValue)), ("message", .string(problem.message)),
                            ("suggestion", .optional(problem.suggestion)),
                        ])
                    })
            ),
            ("findings", report.json),
        ])
    }
}

extension DeclaredProblem {
    /// A problem of validation with its place.
    init(_ problem: Problem) {
        self.init(
            location: SourceLocation(path: problem.path, line: problem.line, column: problem.column),
            isWarning: problem.severity == .warning, code: problem.code.rawValue, message: problem.message,
            suggestion: problem.suggestion)
    }
}
