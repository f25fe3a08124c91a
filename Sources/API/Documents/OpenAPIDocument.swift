public import Model

/// The OpenAPI document: the paths that are written by hand, with the schemas that are generated put in.
///
/// What every operation has in common is added here, so that it need not stand at each: the parameter `X-Request-Id`,
/// the headers of every answer, and those of rate limits where requests are counted.
public struct OpenAPIDocument: Sendable {
    /// The document.
    public private(set) var root: JSONValue

    /// Puts the document together.
    ///
    /// - Parameters:
    ///   - paths: the text of `schemas/openapi.yaml`.
    ///   - reports: the texts of `schemas/output/*.schema.json` by file name; those of ``ReportSchemas/fileNames`` are used.
    ///   - kinds: the schemas of the kinds, by the names under which the paths refer to them.
    /// - Throws: ``OpenAPIFailure``, if a text is none or a reference leads nowhere.
    public init(
        paths: [UInt8], reports: [(fileName: String, text: [UInt8])], kinds: [(name: String, schema: JSONValue)]
    ) throws(OpenAPIFailure) {
        root = try JSONValue(text: paths, path: "openapi.yaml")
        for (name, schema) in try ReportSchemas(reports).components { set(["components", "schemas", name], schema) }
        for (name, schema) in kinds { set(["components", "schemas", name], schema) }
        addRequestID()
        addHeaders()
        if let name = danglingReference { throw OpenAPIFailure("openapi.yaml refers to \(name), which is nowhere") }
    }

    /// The text that is served: an operation or a component per line, so that a difference can be read.
    public var text: [UInt8] {
        var bytes: [UInt8] = []
        write(root, depth: 0, to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    private func write(_ value: JSONValue, depth: Int, to bytes: inout [UInt8]) {
        guard depth < 3, case .object(let entries) = value, !entries.isEmpty else { return value.append(to: &bytes) }
        bytes.append(UInt8(ascii: "{"))
        for (index, (key, value)) in entries.enumerated() {
            bytes += (index == 0 ? "\n" : ",\n").utf8
            JSONValue.string(key).append(to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            write(value, depth: depth + 1, to: &bytes)
        }
        bytes += "\n}".utf8
    }

    private mutating func set(_ path: [String], _ value: JSONValue) {
        root = root.replacing(path[...]) { _ in value }
    }

    private static func parameter(_ name: String) -> JSONValue { reference("parameters", name) }

    private static func reference(_ group: String, _ name: String) -> JSONValue {
        .object([("$ref", .string("#/components/\(group)/\(name)"))])
    }

    private mutating func addRequestID() {
        mapOperations { operation in
            operation.replacing(["parameters"]) { parameters in
                .array((parameters?.items ?? []) + [Self.parameter("RequestId")])
            }
        }
    }

    private mutating func addHeaders() {
        let always = [
            ("X-Request-Id", Self.reference("headers", "RequestId")),
            ("X-WireBuddy-Revision", Self.reference("headers", "Revision")),
        ]
        let counted = ["Limit", "Remaining", "Reset"].map {
            ("X-RateLimit-\($0)", Self.reference("headers", "RateLimit\($0)"))
        }
        func adding(_ headers: [(String, JSONValue)], to answers: JSONValue?) -> JSONValue {
            .object(
                (answers?.members ?? []).map { code, answer in
                    guard answer["$ref"] == nil else { return (code, answer) }
                    return (
                        code, answer.replacing(["headers"]) { own in .object((own?.members ?? []) + headers) }
                    )
                })
        }
        mapOperations { operation in
            let isCounted = operation["x-rate"]?.text != "exempt"
            return operation.replacing(["responses"]) { adding(isCounted ? always + counted : always, to: $0) }
        }
        root = root.replacing(["components", "responses"]) { adding(always + counted, to: $0) }
    }

    private mutating func mapOperations(_ change: (JSONValue) -> JSONValue) {
        root = root.replacing(["paths"]) { paths in
            .object(
                (paths?.members ?? []).map { path, item in
                    (path, .object(item.members.map { method, operation in (method, change(operation)) }))
                })
        }
    }

    private var danglingReference: String? {
        root.references.first { target in
            guard target.hasPrefix("#/") else { return true }
            var value: JSONValue? = root
            for part in target.dropFirst(2).split(separator: "/") { value = value?[String(part)] }
            return value == nil
        }
    }
}

/// Why there is no document.
public struct OpenAPIFailure: Error, CustomStringConvertible {
    /// What is wrong and where.
    public let description: String

    init(_ description: String) { self.description = description }
}
