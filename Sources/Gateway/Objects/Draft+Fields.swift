import Manifest

extension Draft {
    /// Makes one change of a field. What is so already changes nothing.
    mutating func apply(_ change: FieldEdit, to identity: ObjectIdentity) throws(GatewayFailure) {
        let path = change.path
        let present = path.reduce(Optional(try root(identity))) { node, key in node?[key] }
        switch change.action {
        case .set(let value):
            if let present, Self.holds(present, value) { return }
            try edit(identity) { [.set(document: $0, path: path, value: value)] }
        case .remove:
            guard present != nil else { return }
            try edit(identity) { [.remove(document: $0, path: path)] }
        case .add(let value):
            if let present, ValueText.elements(present).contains(ValueText.of(value)) { return }
            try edit(identity) { [.append(document: $0, path: path, value: value)] }
        case .drop(let value):
            let elements = present.map(ValueText.elements) ?? []
            guard let index = elements.firstIndex(of: ValueText.of(value)) else {
                throw .invalidFields(
                    kind: identity.kind, name: identity.name,
                    [
                        InvalidField(
                            change.name,
                            "\(change.name) has no \(ValueText.of(value)): "
                                + (elements.isEmpty ? "it is empty" : elements.joined(separator: ", ")))
                    ])
            }
            if elements.count == 1 {
                try edit(identity) { [.remove(document: $0, path: path)] }
            } else {
                try edit(identity) { [.removeItem(document: $0, path: path, index: index)] }
            }
        }
    }

    /// Whether a node says the same as a value; a list of one and its element do.
    private static func holds(_ node: Node, _ value: EditValue) -> Bool {
        if case .list(let items) = value { return items.map(ValueText.of) == ValueText.elements(node) }
        return ValueText.of(node) == ValueText.of(value)
    }
}
