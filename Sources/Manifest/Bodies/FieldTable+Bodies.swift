import Model

extension FieldTable {
    /// Compares entries of a body with what is there; what differs is a change.
    ///
    /// - Parameters:
    ///   - present: the object as it is shown; `null` for one that is to be made.
    ///   - path: the fields around this table.
    func merge(_ entries: [Entry], into present: JSONValue, path: [String], _ reading: inout BodyReading) {
        for entry in entries where !reading.isHopeless { merge(entry, into: present, path: path, &reading) }
    }

    private func merge(_ entry: Entry, into present: JSONValue, path: [String], _ reading: inout BodyReading) {
        let (key, node) = (entry.key.text, entry.value)
        if let field = field(key) {
            switch field.presentation {
            case .taken(let name) where name != key:
                reading.refuse(path + [key], "give \(name): it is hashed here")
            case .first(let all): mergeFirst(field, all: all, node, present, path, &reading)
            default: merge(field, node, present, path, &reading)
            }
            return
        }
        if let field = fields.first(where: { $0.presentation == .taken(as: key) }) {
            mergeSecret(field, as: key, node, present, path, &reading)
            return
        }
        if let field = fields.first(where: { $0.presentation == .first(all: key) }) {
            mergeAll(field, as: key, node, present, path, &reading)
            return
        }
        refuseUnknown(key, path, &reading)
    }

    private func merge(
        _ field: Field<Object>, _ node: Node, _ present: JSONValue, _ path: [String], _ reading: inout BodyReading
    ) {
        if field.isSecret { return mergeSecret(field, as: field.name, node, present, path, &reading) }
        let place = path + [field.name]
        let before = present[field.name] ?? .null
        if node.isNull {
            reset(field, place, before, &reading)
            return
        }
        if field.presentation == .masked { return mergeMasked(field, node, before, place, &reading) }
        if let merge = field.merge, case .map = node.content { return merge(node, before, place, &reading) }
        guard let after = reading.decode(node, by: field.canonical, place), after != before else { return }
        guard mayChange(field, place, before, &reading) else { return }
        set(place, node, &reading)
    }

    /// `null`: the default counts.
    private func reset(_ field: Field<Object>, _ place: [String], _ before: JSONValue, _ reading: inout BodyReading) {
        if field.isRequired {
            reading.refuse(place, "\(field.name) has no default: it must be \(field.allowed)")
        } else if before != .null, mayChange(field, place, before, &reading) {
            reading.change(place, to: nil)
        }
    }

    private func mayChange(
        _ field: Field<Object>, _ place: [String], _ before: JSONValue, _ reading: inout BodyReading
    ) -> Bool {
        guard field.isReadOnly || field.presentation == .fixed && !reading.isCreation else { return true }
        reading.refuse(place, "\(field.name) can't be changed")
        return false
    }

    /// The first element of a list stands for its family: the others stay.
    private func mergeFirst(
        _ field: Field<Object>, all: String, _ node: Node, _ present: JSONValue, _ path: [String],
        _ reading: inout BodyReading
    ) {
        let place = path + [field.name]
        if node.isNull {
            return reset(field, place, present[field.name] ?? .null, &reading)
        }
        guard case .array(let items)? = reading.decode(node, by: field.canonical, place) else { return }
        let stored: [JSONValue] = if case .array(let stored)? = present[all] { stored } else { [] }
        var isSingle = false
        if case .scalar = node.content { isSingle = items.count == 1 }
        guard isSingle, let item = items.first, let first = stored.first else {
            if items != stored { set(place, node, &reading) }
            return
        }
        guard item != first else { return }
        var list = stored
        if let same = list.firstIndex(where: { $0.isIPv6Text == item.isIPv6Text }) {
            guard list[same] != item else { return }
            list[same] = item
        } else {
            list.append(item)
        }
        let texts = list.map(EditValue.init)
        reading.change(place, to: texts.count == 1 ? texts[0] : .list(texts))
    }

    /// The whole list under its other name.
    private func mergeAll(
        _ field: Field<Object>, as key: String, _ node: Node, _ present: JSONValue, _ path: [String],
        _ reading: inout BodyReading
    ) {
        let place = path + [field.name]
        if node.isNull {
            let before = present[field.name] ?? .null
            return reset(field, place, before, &reading)
        }
        guard let after = reading.decode(node, by: field.canonical, path + [key]), after != present[key] ?? .null
        else { return }
        set(place, node, &reading)
    }

    private func mergeSecret(
        _ field: Field<Object>, as key: String, _ node: Node, _ present: JSONValue, _ path: [String],
        _ reading: inout BodyReading
    ) {
        let place = path + [key]
        if node.isNull {
            if present["has_\(key)"] == .boolean(true) { reading.change(path + [field.name], to: nil) }
            return
        }
        guard case .scalar(let scalar) = node.content, scalar.value == .string else {
            reading.refuse(place, "\(key) must be a string")
            return
        }
        let isReference = ["sealed:", "file:", "env:"].contains { scalar.text.hasPrefix($0) }
        guard key == field.name, isReference || scalar.text == "generate" else {
            reading.take(PlainSecret(field: field.name, text: scalar.text))
            return
        }
        guard reading.decode(node, by: field.canonical, place, isSecret: true) != nil else { return }
        reading.change(place, to: .string(scalar.text))
    }

    private func set(_ place: [String], _ node: Node, _ reading: inout BodyReading) {
        do throws(EditRefusal) {
            reading.change(place, to: try EditValue(node))
        } catch {
            reading.refuse(place, error.message)
        }
    }

    private func refuseUnknown(_ key: String, _ path: [String], _ reading: inout BodyReading) {
        let name = Printable.quoted((path + [key]).joined(separator: "."))
        let names = fields.map(\.bodyName)
        let close = Spelling.closest(to: key, in: names).map { "did you mean \"\($0)\"?" }
        reading.refuse(
            path + [key],
            "unknown field \(name) in \(reading.label): \(close ?? "fields: " + names.joined(separator: ", "))")
    }
}

extension Field {
    /// The name under which a body gives it.
    var bodyName: String { if case .taken(let name) = presentation { name } else { name } }
}

extension JSONValue {
    /// Whether it is the text of an IPv6 address or prefix.
    fileprivate var isIPv6Text: Bool {
        if case .string(let text) = self { text.utf8.contains(UInt8(ascii: ":")) } else { false }
    }
}

extension EditValue {
    /// The same value to be written.
    init(_ value: JSONValue) {
        switch value {
        case .null: self = .null
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = .integer(value)
        case .decimal(let units, let places): self = .string(JSONValue.decimalText(units, places))
        case .string(let text): self = .string(text)
        case .array(let items): self = .list(items.map(EditValue.init))
        case .object(let entries): self = .map(entries.map { EditField($0.0, EditValue($0.1)) })
        }
    }
}
