import ArgumentParser
import Manifest
import Model
import Reconciler
import Repository

/// `wirebuddy validate`.
struct ValidateCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check the configuration as it stands in the directory; needs no root and no network.",
        discussion: """
            Example: wirebuddy validate --config .

            All problems of all files in one run, each as path:line:column. Ends with 10 when there is an error, with 0 \
            when there are only warnings.
            """)

    @OptionGroup var global: GlobalOptions

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
        console.result(
            text: text(revision, composition, console.style), json: json(revision, status))
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

    private func text(_ revision: LoadedRevision, _ composition: GatewayComposition, _ style: TextStyle) -> String {
        var lines = composition.warnings + revision.problems.map { $0.render() }
        let errors = revision.problems.count { $0.severity == .error }
        let warnings = revision.problems.count - errors
        let found = [(errors, "error"), (warnings, "warning")].filter { $0.0 > 0 }
            .map { Counting.counted($0.0, $0.1) }.joined(separator: ", ")
        if let catalog = revision.catalog {
            let objects =
                "\(Counting.counted(catalog.interfaces.count, "interface")), \(Counting.counted(catalog.peers.count, "peer"))"
            lines.append(
                "\(style.paint("valid", .good)): \(objects)" + (found.isEmpty ? "" : "; \(found)"))
        } else {
            lines.append("\(style.paint("not valid", .failure)): \(found)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func json(_ revision: LoadedRevision, _ status: ExitStatus) -> JSONValue {
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
        ])
    }
}
