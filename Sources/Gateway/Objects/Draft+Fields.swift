import Manifest

extension Draft {
    /// Makes one change of a field. What is so already changes nothing.
    mutating func apply(_ change: FieldEdit, to identity: ObjectIdentity) throws(GatewayFailure) {
        let root = try root(identity)
        let place = try place(identity)
        try edit(place, try edits(change, of: root, at: place, for: identity), for: identity)
    }

    /// Makes changes of fields at once: between them the document need not be valid. What is so already changes nothing.
    mutating func apply(_ changes: [FieldEdit], to identity: ObjectIdentity) throws(GatewayFailure) {
        try apply(changes, at: try place(identity), under: [], for: identity)
    }

    /// Makes changes of fields of a part of a document at once.
    ///
    /// - Parameter path: where the fields stand in the document: empty, or `["rules", "3"]`.
    mutating func apply(
        _ changes: [FieldEdit], at place: ObjectPlace, under path: [String], for identity: ObjectIdentity
    ) throws(GatewayFailure) {
        let root = try root(at: place, path)
        var all: [Edit] = []
        for change in changes { all += try edits(change, of: root, at: place, under: path, for: identity) }
        try edit(place, all, for: identity)
    }

    /// What a change is in the text; nothing for what is so already.
    private func edits(
        _ change: FieldEdit, of root: Node, at place: ObjectPlace, under prefix: [String] = [],
        for identity: ObjectIdentity
    ) throws(GatewayFailure) -> [Edit] {
        let present = change.path.reduce(Optional(root)) { node, key in node?[key] }
        let (document, path) = (place.document, prefix + change.path)
        switch change.action {
        case .set(let value):
            if let present, Self.holds(present, value) { return [] }
            return [.set(document: document, path: path, value: value)]
        case .remove: return present == nil ? [] : [.remove(document: document, path: path)]
        case .add(let value):
            if let present, ValueText.elements(present).contains(ValueText.of(value)) { return [] }
            return [.append(document: document, path: path, value: value)]
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
            return elements.count == 1
                ? [.remove(document: document, path: path)]
                : [.removeItem(document: document, path: path, index: index)]
        }
    }

    /// Whether a node says the same as a value; a list of one and its element do.
    private static func holds(_ node: Node, _ value: EditValue) -> Bool {
        if case .list(let items) = value { return items.map(ValueText.of) == ValueText.elements(node) }
        return ValueText.of(node) == ValueText.of(value)
    }
}
