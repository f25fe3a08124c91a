import Model

extension FieldType where Value == String {
    /// The name of a blocklist.
    static var blocklistName: FieldType { name("blocklist-name") }

    /// The name of a document of access or of a forward.
    static var documentName: FieldType { name("document-name") }

    private static func name(_ definition: String) -> FieldType {
        FieldType(
            string: definition,
            allowed: "at most 63 letters, digits, \"_\", \".\" or \"-\", beginning with a letter or digit"
        ) { text in RecipientName.isValid(text) ? text : nil }
    }

    /// Where a list is fetched; a user or password in it is not shown.
    static var listAddress: FieldType {
        let allowed = "an address that begins with https://"
        return FieldType(schema: .reference("list-address"), allowed: allowed, show: { .string($0) }) { node, context in
            guard let text = context.string(node, allowed: allowed) else { return nil }
            if ListAddress.isValid(text) { return text }
            if ListAddress.holdsCredentials(text) {
                context.reportField(
                    node, .invalidValue, "must not hold a user or a password: everybody can read it here",
                    suggestion: "put the list into the repository, and write file: lists/<name>.txt")
            } else {
                context.invalid(node, allowed: allowed, suggestion: ListAddress.hint(text))
            }
            return nil
        }
    }

    /// A file of the repository.
    static var repositoryFile: FieldType {
        FieldType(
            string: "repository-file", allowed: "the path of a file in the repository, such as lists/ads.txt",
            hint: { text in
                let parts = text.split(separator: "/").filter { $0 != "." }
                let path = parts.joined(separator: "/")
                return parts.contains("..") || path == text || !RepositoryPath.isFile(path) ? nil : "write \(path)"
            }
        ) { text in RepositoryPath.isFile(text) ? text : nil }
    }
}

extension FieldType where Value == DigestValue {
    /// A SHA-256.
    static var sha256: FieldType {
        FieldType(string: "sha256", allowed: "64 hexadecimal digits, as sha256sum prints them") { text in
            DigestValue(hexadecimal: text)
        }
    }
}

extension FieldType where Value == [String]? {
    /// The lists that count for a peer; nothing for all that are enabled.
    static var blocklistChoice: FieldType {
        let names = FieldType<[String]>.list("blocklist-name", of: .blocklistName, "names of blocklists")
        let schema = JSONValue.object([("anyOf", .array([names.schema, .object([("type", .string("null"))])]))])
        let show: @Sendable (Value) -> JSONValue = { $0.map(names.show) ?? .null }
        return FieldType(schema: schema, allowed: names.allowed + ", or null", show: show) { node, context in
            if node.isNull { return .some(nil) }
            return names.decode(node, &context).map { .some($0) }
        }
    }
}
