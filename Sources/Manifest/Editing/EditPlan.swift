/// Finds the next smallest change that brings a document closer to what an edit asks for.
struct EditPlan {
    /// A set value that differs in more places is written as a whole.
    static let maximumSteps = 64

    let root: Node

    /// A value below a path: nil when the value is there.
    func set(_ path: [String], _ value: EditValue, stepByStep: Bool = true) throws(EditRefusal) -> NodeChange? {
        let found = walk(path)
        guard !found.rest.isEmpty else {
            guard stepByStep else { return value.matches(found.node) ? nil : .replace(at: found.at, value) }
            return difference(found.node, value, found.at)
        }
        return try insertion(found, path, value)
    }

    func remove(_ path: [String]) throws(EditRefusal) -> NodeChange? {
        let found = walk(path)
        guard found.rest.isEmpty else { return nil }
        guard let index = found.at.last else {
            throw EditRefusal(root.range.start, "a document is removed as a whole, not by an empty path")
        }
        return .remove(at: found.at.dropLast(), index: index)
    }

    func append(_ path: [String], _ value: EditValue) throws(EditRefusal) -> NodeChange? {
        let found = walk(path)
        guard found.rest.isEmpty else { return try insertion(found, path, .list([value])) }
        switch found.node.content {
        case .list(let items):
            if items.contains(where: { value.matches($0) }) { return nil }
            return .insert(at: found.at, index: items.count, key: nil, value)
        case .scalar(let scalar):
            if scalar.value == .null { return .replace(at: found.at, .list([value])) }
            return value.matches(found.node) ? nil : .wrap(at: found.at, value)
        case .map, .unsupported:
            throw EditRefusal(
                found.node.range.start, "\(name(path)) is a mapping, nothing can be appended to it")
        }
    }

    func removeItem(_ path: [String], _ index: Int) throws(EditRefusal) -> NodeChange {
        let found = walk(path)
        guard found.rest.isEmpty, case .list(let items) = found.node.content else {
            throw EditRefusal(found.node.range.start, "\(name(path)) is not a list")
        }
        guard items.indices.contains(index) else {
            throw EditRefusal(
                found.node.range.start, "\(name(path)) has no item \(index), it has \(items.count) counted from 0")
        }
        return .remove(at: found.at, index: index)
    }

    // MARK: - Paths

    private typealias Found = (node: Node, at: [Int], rest: ArraySlice<String>)

    /// As far as the path leads.
    private func walk(_ path: [String]) -> Found {
        var found: Found = (root, [], path[...])
        while let step = found.rest.first {
            switch found.node.content {
            case .map(let entries):
                guard let index = entries.firstIndex(where: { $0.key.text == step }) else { return found }
                found = (entries[index].value, found.at + [index], found.rest.dropFirst())
            case .list(let items):
                guard let index = Int(step), items.indices.contains(index) else { return found }
                found = (items[index], found.at + [index], found.rest.dropFirst())
            default: return found
            }
        }
        return found
    }

    private func insertion(_ found: Found, _ path: [String], _ value: EditValue) throws(EditRefusal) -> NodeChange {
        func nested(_ rest: ArraySlice<String>) -> EditValue {
            rest.reversed().reduce(value) { .map([EditField($1, $0)]) }
        }
        switch found.node.content {
        case .map(let entries):
            guard let key = found.rest.first else { break }
            return .insert(at: found.at, index: entries.count, key: key, nested(found.rest.dropFirst()))
        case .scalar(let scalar) where scalar.value == .null: return .replace(at: found.at, nested(found.rest))
        default: break
        }
        let parent = path.dropLast(found.rest.count)
        throw EditRefusal(
            found.node.range.start,
            "\(name(Array(parent))) is not a mapping, so \(name(path)) can't be written below it")
    }

    private func name(_ path: [String]) -> String {
        path.isEmpty ? "the document" : Printable.shortened(path.joined(separator: "."))
    }

    // MARK: - Differences

    private func difference(_ node: Node, _ value: EditValue, _ at: [Int]) -> NodeChange? {
        if value.matches(node) { return nil }
        switch (node.content, value) {
        case (.map(let entries), .map(let fields)) where !fields.isEmpty:
            let keys = Set(fields.map { Array($0.key.utf8) })
            if let index = entries.firstIndex(where: { !keys.contains(Array($0.key.text.utf8)) }), entries.count > 1 {
                return .remove(at: at, index: index)
            }
            if entries.count == 1, !keys.contains(Array(entries[0].key.text.utf8)) { break }
            for field in fields {
                guard let index = entries.firstIndex(where: { $0.key.text == field.key }) else {
                    return .insert(at: at, index: entries.count, key: field.key, field.value)
                }
                if let change = difference(entries[index].value, field.value, at + [index]) { return change }
            }
        case (.list(let nodes), .list(let items)) where !nodes.isEmpty && !items.isEmpty:
            return difference(nodes, items, at)
        default: break
        }
        return .replace(at: at, value)
    }

    /// Items that are equal at both ends stay; those between are changed one by one.
    private func difference(_ nodes: [Node], _ items: [EditValue], _ at: [Int]) -> NodeChange? {
        let shorter = min(nodes.count, items.count)
        var head = 0
        while head < shorter, items[head].matches(nodes[head]) { head += 1 }
        var tail = 0
        while tail < shorter - head, items[items.count - tail - 1].matches(nodes[nodes.count - tail - 1]) { tail += 1 }
        let old = nodes.count - head - tail
        let new = items.count - head - tail
        if old > new { return .remove(at: at, index: nodes.count - tail - 1) }
        if old > 0 { return difference(nodes[head], items[head], at + [head]) }
        return .insert(at: at, index: head, key: nil, items[head])
    }
}
