import Model

extension FieldTable {
    /// A list of which only a part is shown. A body that says what is shown changes nothing; one that changes anything
    /// gives every element whole, because what is not shown can't be told apart.
    func mergeMasked(
        _ field: Field<Object>, _ node: Node, _ before: JSONValue, _ place: [String], _ reading: inout BodyReading
    ) {
        do throws(EditRefusal) {
            if MaskedReceivers.isShown(try EditValue(node), as: before) { return }
            guard let whole = whole(node, place, &reading),
                reading.decode(whole, by: field.canonical, place) != nil
            else { return }
            reading.change(place, to: try EditValue(whole))
        } catch {
            reading.refuse(place, error.message)
        }
    }

    /// The list without what only the shown form has; nil where a body relies on something that is not shown.
    private func whole(_ node: Node, _ place: [String], _ reading: inout BodyReading) -> Node? {
        guard case .list(let items) = node.content else { return node }
        var whole: [Node] = []
        for item in items {
            guard case .map(let entries) = item.content else { return node }
            let given = entries.filter { !$0.value.isNull && $0.key.text != "has_secret" }
            let hasSecret = entries.contains {
                guard $0.key.text == "has_secret", case .scalar(let scalar) = $0.value.content else { return false }
                return scalar.value == .boolean(true)
            }
            guard !hasSecret || given.contains(where: { $0.key.text == "secret" }) else {
                reading.refuse(
                    place,
                    "\(place.joined(separator: ".")) changes, so every secret has to be given again: write secret:"
                        + " sealed:…, file:NAME or env:NAME, or leave out has_secret for a receiver without one")
                return nil
            }
            whole.append(Node(.map(given), range: item.range))
        }
        return Node(.list(whole), range: node.range)
    }
}
