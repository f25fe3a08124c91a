import Model

/// The schemas of what plans, passes and the state of the gateway look like, as components of the OpenAPI document.
///
/// They are those of the command line's output without what only a command has: the name of the document and the exit
/// code.
public struct ReportSchemas {
    /// The files that are used.
    public static let fileNames = [
        "common.schema.json", "plan.schema.json", "drift.schema.json", "status.schema.json", "apply.schema.json",
        "log.schema.json",
    ]

    /// The schemas by name.
    let components: [(name: String, schema: JSONValue)]

    init(_ files: [(fileName: String, text: [UInt8])]) throws(OpenAPIFailure) {
        var components: [(name: String, schema: JSONValue)] = []
        for fileName in Self.fileNames {
            guard let file = files.first(where: { $0.fileName == fileName }) else {
                throw OpenAPIFailure("schemas/output/\(fileName) is missing")
            }
            let schema = try JSONValue(text: file.text, path: fileName)
            let isReport = schema["properties"] != nil
            if isReport { components.append((Self.reportName(fileName), Self.report(schema))) }
            for (name, definition) in schema["$defs"]?.members ?? [] where !Self.written.contains(name) {
                components.append((Self.name(of: name), Self.rewritten(definition)))
            }
        }
        self.components = components.filter { $0.name != "Log" }
    }

    /// Those that stand in openapi.yaml, since other schemas there need them too.
    private static let written: Set = ["time", "publicKey"]

    /// Names that say what it is without the file around it.
    private static let names = [
        "plan": "PlanBody", "object": "ObjectReference", "event": "ControllerEvent", "suspension": "LoopSuspension",
        "reason": "ObjectReason", "note": "ObjectNote", "result": "ChangeResult", "problem": "PlanProblem",
        "change": "PlanChange", "summary": "PlanSummary", "refusal": "RailRefusal", "head": "RevisionHead",
        "headFailure": "RevisionFailure",
    ]

    private static func name(of definition: String) -> String {
        names[definition] ?? definition.prefix(1).uppercased() + definition.dropFirst()
    }

    private static func reportName(_ fileName: String) -> String {
        let stem = fileName.prefix { $0 != "." }
        return stem.prefix(1).uppercased() + stem.dropFirst()
    }

    private static func report(_ schema: JSONValue) -> JSONValue {
        let onlyCommands: Set = ["document", "exit_code", "simulation"]
        let entries = schema.members.filter { !["$schema", "$id", "title", "$defs", "description"].contains($0.0) }
        return rewritten(.object(entries))
            .replacing(["properties"]) { .object(($0?.members ?? []).filter { !onlyCommands.contains($0.0) }) }
            .replacing(["required"]) { required in
                .array((required?.items ?? []).filter { !onlyCommands.contains($0.text ?? "") })
            }
    }

    /// References lead to components: `common.schema.json#/$defs/change`, `#/$defs/revision`, `plan.schema.json`.
    private static func rewritten(_ schema: JSONValue) -> JSONValue {
        switch schema {
        case .array(let items): return .array(items.map(rewritten))
        case .object(let entries):
            return .object(
                entries.map { key, value in
                    guard key == "$ref", let target = value.text else { return (key, rewritten(value)) }
                    let last = target.split(separator: "/").last.map(String.init) ?? target
                    let name = target.contains("#") ? name(of: last) : reportName(last)
                    return (key, .string("#/components/schemas/\(name)"))
                })
        default: return schema
        }
    }
}
