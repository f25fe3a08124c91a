import Model

extension FieldTable {
    /// What the API shows of an object, in the order of the table. Secrets are not shown, only whether there is one.
    func json(of object: Object) -> [(String, JSONValue)] {
        var entries: [(String, JSONValue)] = []
        entries.reserveCapacity(fields.count + 1)
        for field in fields {
            let value = field.read(object)
            if field.isSecret {
                entries.append(("has_\(field.bodyName)", .boolean(value != .null)))
                continue
            }
            if field.presentation == .masked {
                entries.append((field.name, MaskedReceivers.shown(value)))
                continue
            }
            guard case .first(let all) = field.presentation, case .array(let items) = value else {
                entries.append((field.name, value))
                continue
            }
            entries.append((field.name, items.first ?? .null))
            entries.append((all, value))
        }
        return entries
    }

    /// The bytes that are equal for objects that say the same, whatever the spelling of their documents. With what
    /// stands for secrets: they are for digests only.
    func canonicalForm(of object: Object, kind: String) -> [UInt8] {
        var form = CanonicalForm()
        form.append(kind)
        for field in fields {
            form.append(field.name)
            form.append(field.read(object).compactBytes())
        }
        return form.bytes
    }
}
