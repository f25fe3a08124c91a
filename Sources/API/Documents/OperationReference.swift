import Model

/// The reference of the API's operations as Markdown, `docs/reference/api.md`, generated from the OpenAPI document.
struct OperationReference {
    let document: OpenAPIDocument

    /// The page: a table per tag, in the order of the document.
    var page: String {
        var text = """
            # API reference

            Generated from [schemas/openapi.yaml](../../schemas/openapi.yaml) by `wirebuddy schema --write`; parameters, bodies and
            answers stand there, and on the page `/docs` of every gateway. [The introduction](../api.md) says what all operations have
            in common, [authorization](../authorization.md) who may what.

            """
        for tag in document.root["tags"]?.items ?? [] {
            guard let name = tag["name"]?.text else { continue }
            text += "\n## \(name)\n\n\(tag["description"]?.text ?? "")\n\n| operation | who | what |\n|---|---|---|\n"
            for (path, item) in document.root["paths"]?.members ?? [] {
                for (method, operation) in item.members
                where operation["tags"]?.items.contains(where: { $0.text == name }) ?? false {
                    text += row(path, method, operation)
                }
            }
        }
        return text
    }

    private func row(_ path: String, _ method: String, _ operation: JSONValue) -> String {
        let cells = [
            "`\(method.uppercased()) \(path)`", operation["x-access"]?.text ?? "", operation["summary"]?.text ?? "",
        ]
        return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }
}
