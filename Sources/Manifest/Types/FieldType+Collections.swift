import Model

/// What may stand for a list.
enum SingleForm: Sendable {
    /// A string: the elements between commas.
    case text
    /// A string: one element, whose commas are its own.
    case name
    /// A string as in ``text``, or a mapping: one element.
    case textOrMapping
}

extension FieldType {
    /// A list; one string is accepted too.
    ///
    /// - Parameters:
    ///   - definition: the pattern of the elements, whose `-list` form stands in ``SchemaDefinitions``.
    ///   - element: the type of the elements.
    ///   - noun: what the elements are, in the plural.
    ///   - single: what may stand for the list.
    static func list<Element: Hashable & SendableMetatype>(
        _ definition: String, of element: FieldType<Element>, _ noun: String, minimum: Int = 0,
        single: SingleForm = .text
    ) -> FieldType where Value == [Element] {
        var schema: [(String, JSONValue)] = [("$ref", .string("#/$defs/\(definition)-list"))]
        if minimum > 0 { schema.append(("minItems", .number(minimum))) }
        let allowed = "a list of \(noun)"
        let show: @Sendable ([Element]) -> JSONValue = { .array($0.map(element.show)) }
        return FieldType(schema: .object(schema), allowed: allowed, show: show) { node, context in
            guard let items = elements(of: node, allowed, single, &context) else { return nil }
            guard items.count >= minimum else {
                context.reportField(node, .invalidValue, "must have at least \(minimum) element")
                return nil
            }
            var values: [Element] = []
            values.reserveCapacity(items.count)
            for (index, item) in items.enumerated() {
                context.recordItem(index + 1, item.range.start)
                if let value = element.decode(item, &context) { values.append(value) }
            }
            guard values.count == items.count else { return nil }
            guard let twice = firstRepeated(values) else { return values }
            context.reportField(
                items[twice], .invalidValue, "has \(context.found(items[twice])) twice",
                suggestion: "remove one of them")
            return nil
        }
    }

    /// The elements of a list node, or what stands for them.
    private static func elements(
        of node: Node, _ allowed: String, _ single: SingleForm, _ context: inout DecodeContext
    ) -> [Node]? {
        switch node.content {
        case .list(let items): return items
        case .map where single == .textOrMapping: return [node]
        case .scalar(let scalar) where scalar.value == .string:
            guard single != .name else { return [node] }
            let bytes = scalar.text.utf8
            guard bytes.contains(UInt8(ascii: ",")), bytes.first != UInt8(ascii: " "), bytes.last != UInt8(ascii: " ")
            else { return [node] }
            return bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { part in
                let trimmed = part.drop { $0 == UInt8(ascii: " ") }
                let count = trimmed.reversed().drop { $0 == UInt8(ascii: " ") }.count
                let text = String(Substring(trimmed.prefix(count)))
                return Node(.scalar(Scalar(text: text, style: .double)), range: node.range)
            }
        default:
            context.wrongType(node, allowed: allowed)
            return nil
        }
    }

    private static func firstRepeated<Element: Hashable>(_ values: [Element]) -> Int? {
        guard values.count > 1 else { return nil }
        var seen: Set<Element> = []
        return values.firstIndex { !seen.insert($0).inserted }
    }

    /// A mapping with fields of its own.
    static func object(_ table: FieldTable<Value>, _ initial: Value) -> FieldType where Value: Sendable {
        FieldType(
            schema: table.schema, allowed: "a mapping", nestedRows: table.rows(prefix: ""),
            show: { .object(table.json(of: $0)) },
            merge: { node, present, path, reading in
                guard case .map(let entries) = node.content else { return }
                table.merge(entries, into: present, path: path, &reading)
            }
        ) { node, context in
            guard case .map(let entries) = node.content else {
                context.wrongType(node, allowed: "a mapping")
                return nil
            }
            var value = initial
            let problems = context.problems.count
            let (present, _) = table.decode(entries, into: &value, ignoring: [], &context)
            for (number, field) in table.fields.enumerated() where field.isRequired && !present.contains(number) {
                context.reportField(
                    node, .missingField, "has no \(field.name)", suggestion: "\(field.name): <\(field.allowed)>")
            }
            return context.problems.count == problems ? value : nil
        }
    }

    /// A list of mappings with fields of their own.
    ///
    /// - Parameters:
    ///   - table: the fields of an element.
    ///   - initial: an element with nothing but defaults, at a place.
    ///   - noun: what the elements are, in the plural.
    static func objects<Element: Sendable>(
        _ table: FieldTable<Element>, _ noun: String, minimum: Int,
        _ initial: @escaping @Sendable (SourceLocation) -> Element
    ) -> FieldType where Value == [Element] {
        let schema = JSONValue.object([
            ("type", .string("array")), ("items", table.schema), ("minItems", .number(minimum)),
        ])
        let allowed = "a list of \(noun)"
        return FieldType(
            schema: schema, allowed: allowed, nestedRows: table.rows(prefix: ""),
            show: { .array($0.map { .object(table.json(of: $0)) }) }
        ) { node, context in
            guard case .list(let items) = node.content else {
                context.wrongType(node, allowed: allowed)
                return nil
            }
            guard items.count >= minimum else {
                context.reportField(node, .invalidValue, "must have at least \(minimum) element")
                return nil
            }
            let problems = context.problems.count
            var values: [Element] = []
            for (index, item) in items.enumerated() {
                context.recordItem(index + 1, item.range.start)
                guard case .map(let entries) = item.content else {
                    context.wrongType(item, allowed: allowed)
                    continue
                }
                let start = item.range.start
                var value = initial(SourceLocation(path: context.path, line: start.line, column: start.column))
                let (present, _) = table.decode(entries, into: &value, ignoring: [], &context)
                for (number, field) in table.fields.enumerated() where field.isRequired && !present.contains(number) {
                    context.reportField(
                        item, .missingField, "has an element without \(field.name)",
                        suggestion: "\(field.name): <\(field.allowed)>")
                }
                values.append(value)
            }
            return context.problems.count == problems ? values : nil
        }
    }
}

extension FieldType where Value == [String: String] {
    /// Free labels.
    static var labels: FieldType {
        let allowed = "a mapping of strings"
        let schema = JSONValue.object([
            ("type", .string("object")), ("propertyNames", .reference("label-key")),
            ("additionalProperties", .reference("label-value")), ("maxProperties", .number(Label.maximumCount)),
        ])
        let show: @Sendable ([String: String]) -> JSONValue = { labels in
            let names = labels.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            return .object(names.map { ($0, .optional(labels[$0])) })
        }
        return FieldType(schema: schema, allowed: allowed, show: show, merge: mergeLabels) { node, context in
            guard case .map(let entries) = node.content else {
                context.wrongType(node, allowed: allowed)
                return nil
            }
            guard entries.count <= Label.maximumCount else {
                context.reportField(node, .invalidValue, "must have at most \(Label.maximumCount) entries")
                return nil
            }
            var labels: [String: String] = [:]
            for entry in entries {
                guard Label.isKey(entry.key.text) else {
                    context.report(
                        entry.key.range.start, .invalidValue,
                        "key \(Printable.quoted(entry.key.text)) in \(context.field) of \(context.objectLabel) must be"
                            + " \(Label.allowedKey)")
                    continue
                }
                guard let value = context.string(entry.value, allowed: Label.allowedValue) else { continue }
                guard Label.isValue(value) else {
                    context.invalid(entry.value, allowed: Label.allowedValue)
                    continue
                }
                labels[entry.key.text] = value
            }
            return labels.count == entries.count ? labels : nil
        }
    }

    /// Each label of a body is one change; `null` removes it.
    private static func mergeLabels(
        _ node: Node, _ present: JSONValue, _ path: [String], _ reading: inout BodyReading
    ) {
        guard case .map(let entries) = node.content else { return }
        for entry in entries {
            let name = entry.key.text
            if entry.value.isNull {
                if present[name] != nil { reading.change(path + [name], to: nil) }
                continue
            }
            let single = Node(.map([entry]), range: entry.range)
            guard let label = reading.decode(single, by: FieldType.labels.decode, path)?[name],
                present[name] != .string(label)
            else { continue }
            reading.change(path + [name], to: .string(label))
        }
    }
}
