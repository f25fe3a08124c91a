import Manifest
import Model

/// The files that are generated from the descriptions in a source tree, besides the schemas of the kinds.
public enum SourceFiles {
    /// The files that are read, below the root of the tree.
    public static let inputs =
        ["schemas/openapi.yaml", "Sources/API/Pages/docs.html"] + OutputSchemas.files

    /// The files that are made, by path below the root of the tree.
    ///
    /// - Parameter read: the bytes of one of ``inputs``.
    /// - Throws: ``OpenAPIFailure``, or what `read` throws.
    public static func generated(
        read: (String) throws -> [UInt8]
    ) throws -> [(path: String, bytes: [UInt8])] {
        let kinds = Schemas.openAPIComponents().members.map { (name: $0.0, schema: $0.1) }
        let description = try OpenAPIDocument(
            paths: try read("schemas/openapi.yaml"),
            reports: try ReportSchemas.fileNames.map { ($0, try read("schemas/output/\($0)")) }, kinds: kinds)
        let document = description.text
        let embedded = [
            EmbeddedFile(
                name: "OpenAPIText", documentation: "The OpenAPI document, `schemas/openapi.json`.", text: document),
            EmbeddedFile(
                name: "DocsPage", documentation: "The page that shows the API, `Sources/API/Pages/docs.html`.",
                text: try read("Sources/API/Pages/docs.html")),
            EmbeddedFile(
                name: "OutputSchemasText", documentation: "The schemas of what commands print, `schemas/output`.",
                text: OutputSchemas.text(
                    try OutputSchemas.names.map { name in
                        let path = "schemas/output/\(name).schema.json"
                        return (name, try JSONValue(text: try read(path), path: path))
                    })),
        ]
        let pages = [
            ("docs/reference/configuration.md", Reference.page()),
            ("docs/reference/api.md", OperationReference(document: description).page),
        ]
        return [("schemas/openapi.json", document)] + pages.map { ($0, Array($1.utf8)) }
            + embedded.map { ("Sources/API/Generated/\($0.name).swift", $0.source) }
    }
}
