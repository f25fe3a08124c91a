import Model

extension FieldType where Value == String {
    /// Where messages are posted to. Its path may hold a token: no message repeats it.
    static var receiverAddress: FieldType {
        let allowed = "an address that begins with https:// or http://"
        return FieldType(
            schema: .reference("receiver-address"), allowed: allowed, show: { .string($0) }
        ) { node, context in
            guard let text = context.string(node, allowed: allowed) else { return nil }
            if ReceiverAddress.isValid(text) { return text }
            context.reportField(
                node, .invalidValue, "must be \(allowed), found something else",
                suggestion: ReceiverAddress.hint(text))
            return nil
        }
    }
}

extension FieldType where Value == [Settings.Notification] {
    /// Who is told of what.
    static var notifications: FieldType {
        let table = NotificationFields.table
        let list = FieldType.objects(table, "receivers", minimum: 0) { _ in Settings.Notification(url: "") }
        let schema = JSONValue.object([("type", .string("array")), ("items", table.schema)])
        // Whole, so that another token in a path is another value; what is shown is masked.
        return FieldType(
            schema: schema, allowed: list.allowed, nestedRows: list.nestedRows,
            show: { .array($0.map { receiver in .object(table.fields.map { ($0.name, $0.read(receiver)) }) }) },
            decode: { node, context in
                if let odd = plainText(in: node) {
                    // It may be an address with a token.
                    context.isSecret = true
                    context.wrongType(odd, allowed: list.allowed)
                    context.isSecret = false
                    return nil
                }
                return list.decode(node, &context)
            })
    }

    /// What stands where a list of mappings is expected.
    private static func plainText(in node: Node) -> Node? {
        guard case .list(let items) = node.content else {
            if case .scalar = node.content { return node }
            return nil
        }
        return items.first { if case .scalar = $0.content { true } else { false } }
    }
}
