extension EditValue {
    /// Reads the value of `field=value`: a text that starts with a bracket, a brace or a quote is a YAML flow value;
    /// any other text is taken whole as a plain scalar of the YAML 1.2 core schema (`true`, `25`, empty is null).
    ///
    /// - Throws: `EditRefusal` with a place inside the text if it is no such value.
    public init(yaml text: String) throws(EditRefusal) {
        switch text.utf8.first {
        case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "\""), UInt8(ascii: "'"): break
        default:
            try self.init(Scalar(text: text, style: .plain), at: .start)
            return
        }
        let tree = SyntaxTree(path: "value", bytes: Array(text.utf8))
        if let problem = tree.problems.first {
            throw EditRefusal(
                SourcePosition(offset: 0, line: problem.line, column: problem.column), problem.message,
                path: "value", suggestion: problem.suggestion)
        }
        guard tree.documents.count == 1 else { throw EditRefusal(.start, "this is not one value", path: "value") }
        try self.init(tree.documents[0].root)
    }

    /// What a node means.
    ///
    /// - Throws: `EditRefusal` at a number that is not whole or is read differently by YAML 1.1 and 1.2.
    public init(_ node: Node) throws(EditRefusal) {
        switch node.content {
        case .scalar(let scalar): try self.init(scalar, at: node.range.start)
        case .list(let nodes):
            var items: [EditValue] = []
            for node in nodes { items.append(try EditValue(node)) }
            self = .list(items)
        case .map(let entries):
            var fields: [EditField] = []
            for entry in entries { fields.append(EditField(entry.key.text, try EditValue(entry.value))) }
            self = .map(fields)
        case .unsupported:
            throw EditRefusal(node.range.start, "this form of YAML is not supported", path: "value")
        }
    }

    private init(_ scalar: Scalar, at position: SourcePosition) throws(EditRefusal) {
        switch scalar.value {
        case .null: self = .null
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = .integer(value)
        case .string: self = .string(scalar.text)
        case .number, .ambiguous:
            throw EditRefusal(
                position, "\(Printable.quoted(scalar.text)) is no whole number of 64 bits", path: "value",
                suggestion: "for a text write \"\(Printable.shortened(scalar.text))\" in quotes")
        }
    }
}
