/// The smallest changes of a document's meaning; `at` are indices of children from the root.
enum NodeChange {
    /// Another value in the place of a node.
    case replace(at: [Int], EditValue)
    /// A new child of the mapping (with a key, behind the last one) or of the list.
    case insert(at: [Int], index: Int, key: String?, EditValue)
    /// A child less.
    case remove(at: [Int], index: Int)
    /// A scalar becomes a list of itself and the value.
    case wrap(at: [Int], EditValue)

    var at: [Int] {
        switch self {
        case .replace(let at, _), .insert(let at, _, _, _), .remove(let at, _), .wrap(let at, _): at
        }
    }

    /// The same change where of a list in the root only some items are left; nil if it changes something else.
    func among(_ items: Range<Int>, of entry: Int) -> NodeChange? {
        guard at.first == entry else { return nil }
        if at.count > 1 {
            guard items.contains(at[1]) else { return nil }
            let inside = [entry, at[1] - items.lowerBound] + at[2...]
            return switch self {
            case .replace(_, let value): .replace(at: inside, value)
            case .insert(_, let index, let key, let value): .insert(at: inside, index: index, key: key, value)
            case .remove(_, let index): .remove(at: inside, index: index)
            case .wrap(_, let value): .wrap(at: inside, value)
            }
        }
        switch self {
        case .insert(_, let index, let key, let value) where items.contains(index) || index == items.upperBound:
            return .insert(at: at, index: index - items.lowerBound, key: key, value)
        case .remove(_, let index) where items.contains(index):
            return .remove(at: at, index: index - items.lowerBound)
        default: return nil
        }
    }

    /// Whether `after` means what `before` means with this change.
    func leads(from before: Node, to after: Node) -> Bool { leads(from: before, to: after, at[...]) }

    private func leads(from before: Node, to after: Node, _ at: ArraySlice<Int>) -> Bool {
        guard let step = at.first else { return leadsHere(from: before, to: after) }
        switch (before.content, after.content) {
        case (.map(let before), .map(let after)):
            return before.count == after.count
                && before.indices.allSatisfy { index in
                    before[index].key.isSame(as: after[index].key)
                        && (index == step
                            ? leads(from: before[index].value, to: after[index].value, at.dropFirst())
                            : before[index].value.isSame(as: after[index].value))
                }
        case (.list(let before), .list(let after)):
            return before.count == after.count
                && before.indices.allSatisfy { index in
                    index == step
                        ? leads(from: before[index], to: after[index], at.dropFirst())
                        : before[index].isSame(as: after[index])
                }
        default: return false
        }
    }

    private func leadsHere(from before: Node, to after: Node) -> Bool {
        switch self {
        case .replace(_, let value): return value.matches(after)
        case .wrap(_, let value):
            guard case .list(let items) = after.content, items.count == 2 else { return false }
            return items[0].isSame(as: before) && value.matches(items[1])
        case .insert(_, let index, let key, let value):
            switch (before.content, after.content) {
            case (.map(let before), .map(var after)):
                guard let key, index < after.count else { return false }
                let new = after.remove(at: index)
                return new.key.text.utf8.elementsEqual(key.utf8) && value.matches(new.value)
                    && before.elementsEqual(after) { $0.isSame(as: $1) }
            case (.list(let before), .list(var after)):
                guard index < after.count else { return false }
                return value.matches(after.remove(at: index)) && before.elementsEqual(after) { $0.isSame(as: $1) }
            default: return false
            }
        case .remove(_, let index):
            switch (before.content, after.content) {
            case (.map(var before), .map(let after)):
                before.remove(at: index)
                return before.elementsEqual(after) { $0.isSame(as: $1) }
            case (.list(var before), .list(let after)):
                before.remove(at: index)
                return before.elementsEqual(after) { $0.isSame(as: $1) }
            default: return false
            }
        }
    }
}

extension Node {
    /// Whether two nodes mean the same, wherever and however they are written.
    func isSame(as other: Node) -> Bool {
        switch (content, other.content) {
        case (.scalar(let left), .scalar(let right)):
            switch (left.value, right.value) {
            case (.string, .string), (.number, .number), (.ambiguous, .ambiguous):
                left.text.utf8.elementsEqual(right.text.utf8)
            case (let left, let right): left == right
            }
        case (.map(let left), .map(let right)): left.elementsEqual(right) { $0.isSame(as: $1) }
        case (.list(let left), .list(let right)): left.elementsEqual(right) { $0.isSame(as: $1) }
        default: false
        }
    }
}

extension Entry {
    func isSame(as other: Entry) -> Bool { key.isSame(as: other.key) && value.isSame(as: other.value) }
}

extension Key {
    func isSame(as other: Key) -> Bool { text.utf8.elementsEqual(other.text.utf8) }
}
