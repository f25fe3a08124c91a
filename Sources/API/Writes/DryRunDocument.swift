import Gateway
import HTTPTypes
import Manifest
import Model
import Reconciler

/// What a write would do: the changes of the files and the plan of the next pass.
struct DryRunDocument {
    private let preview: WritePreview

    init(_ preview: WritePreview) {
        self.preview = preview
    }

    /// The answer.
    ///
    /// - Throws: ``GatewayFailure`` when a file can't be read.
    func response() throws(GatewayFailure) -> APIResponse {
        APIResponse(
            status: .ok, headers: [.revision: preview.revision],
            json: .object([
                ("success", .boolean(true)), ("dry_run", .boolean(true)), ("data", try data()),
            ]))
    }

    private func data() throws(GatewayFailure) -> JSONValue {
        let outcome = preview.outcome
        return .object([
            ("object", outcome.parts.isEmpty ? object(outcome.object) : .null),
            ("unchanged", .boolean(outcome.change == nil)),
            ("subject", .optional(outcome.change?.subject)),
            ("diff", .array(try difference().map(JSONValue.string))),
            ("notes", .array(preview.notes.map(JSONValue.string))),
            ("plan", plan),
        ])
    }

    private func object(_ identity: ObjectIdentity) -> JSONValue {
        .object([
            ("kind", .string(identity.kind)), ("interface", .optional(identity.interface)),
            ("name", .string(identity.name)),
        ])
    }

    private func difference() throws(GatewayFailure) -> [String] {
        var lines: [String] = []
        for file in preview.outcome.change?.files ?? [] {
            do {
                let old = try preview.base.bytes(of: file.path)
                lines += UnifiedDiff(path: file.path, old: old, new: file.content).lines
            } catch {
                throw .failed("\(file.path) can't be read: \(error)")
            }
        }
        return lines
    }

    /// The document of `wirebuddy plan` without what only a command says.
    private var plan: JSONValue {
        guard let report = preview.report else { return .null }
        let fields = PassJSON(report, exitCode: 0).plan.entries ?? []
        return .object(fields.filter { !["document", "exit_code"].contains($0.0) })
    }
}
