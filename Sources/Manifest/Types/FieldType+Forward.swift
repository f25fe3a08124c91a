import Model

extension FieldType where Value == Forward.Target {
    /// A peer and a port of it.
    static func forwardTarget(_ table: FieldTable<Forward.Target>, _ initial: Forward.Target) -> FieldType {
        let object = FieldType.object(table, initial)
        let allowed = "a mapping with peer, and port where it is another one"
        return FieldType(
            schema: object.schema, allowed: allowed, nestedRows: object.nestedRows, show: object.show,
            merge: object.merge
        ) { node, context in
            if case .map = node.content { return object.decode(node, &context) }
            context.wrongType(node, allowed: allowed, suggestion: PeerHint.mapping(node, key: "peer"))
            return nil
        }
    }
}
