import Model

extension FieldType where Value == Bool {
    /// `true` or `false`.
    static var boolean: FieldType {
        FieldType(
            schema: .object([("type", .string("boolean"))]), allowed: "true or false", show: { .boolean($0) }
        ) { node, context in
            guard case .scalar(let scalar) = node.content, case .boolean(let value) = scalar.value else {
                context.wrongType(node, allowed: "true or false", suggestion: truthSuggestion(node))
                return nil
            }
            return value
        }
    }

    private static func truthSuggestion(_ node: Node) -> String? {
        guard case .scalar(let scalar) = node.content else { return nil }
        switch scalar.text.lowercased() {
        case "yes", "on", "y", "1", "true", "enabled": return "write true"
        case "no", "off", "n", "0", "false", "disabled": return "write false"
        default: return nil
        }
    }
}

extension FieldType where Value == Int {
    /// A whole number.
    static func integer(_ range: ClosedRange<Int>, _ noun: String = "a whole number") -> FieldType {
        let allowed = "\(noun) from \(range.lowerBound) to \(range.upperBound)"
        let schema = JSONValue.object([
            ("type", .string("integer")), ("minimum", .number(range.lowerBound)),
            ("maximum", .number(range.upperBound)),
        ])
        return FieldType(schema: schema, allowed: allowed, show: { .number($0) }) { node, context in
            guard case .scalar(let scalar) = node.content, case .integer(let number) = scalar.value else {
                context.wrongType(node, allowed: allowed, suggestion: numberSuggestion(node))
                return nil
            }
            guard let value = Int(exactly: number), range.contains(value) else {
                context.invalid(node, allowed: allowed)
                return nil
            }
            return value
        }
    }

    private static func numberSuggestion(_ node: Node) -> String? {
        guard case .scalar(let scalar) = node.content else { return nil }
        if scalar.value == .ambiguous, let number = Int(scalar.text) { return "write \(number)" }
        if scalar.style != .plain, case .integer = ScalarValue(plain: scalar.text) {
            return "write \(scalar.text) without quotes"
        }
        return nil
    }
}

extension FieldType where Value == UInt16 {
    /// A port of TCP or UDP.
    static var port: FieldType { FieldType<Int>.integer(1...65535, "a port").map({ UInt16($0) }, back: { Int($0) }) }
    /// Seconds between keepalives.
    static var keepalive: FieldType {
        FieldType<Int>.integer(0...65535, "a number of seconds").map({ UInt16($0) }, back: { Int($0) })
    }
}

extension FieldType where Value == UInt32 {
    /// A firewall mark, 0 for none.
    static var fwmark: FieldType {
        FieldType<Int>.integer(0...0xFFFF_FFFF, "a mark").map({ UInt32($0) }, back: { Int($0) })
    }
}

extension FieldType where Value: RawRepresentable<String> & CaseIterable & SendableMetatype {
    /// One of the raw values of an enumeration.
    static var word: FieldType { word([:]) }

    /// One of the raw values of an enumeration, or of other words for them.
    static func word(_ aliases: KeyValuePairs<String, Value>) -> FieldType {
        let aliases = aliases.map { ($0.key, $0.value.rawValue) }
        let words = Value.allCases.map(\.rawValue)
        let all = words + aliases.map(\.0)
        let allowed = words.count == 2 ? words.joined(separator: " or ") : "one of " + words.joined(separator: ", ")
        let schema = JSONValue.object([("enum", .array(all.map(JSONValue.string)))])
        return FieldType(schema: schema, allowed: allowed, show: { .string($0.rawValue) }) { node, context in
            guard let text = context.string(node, allowed: allowed) else { return nil }
            let word = aliases.first { $0.0 == text }?.1 ?? text
            if let value = Value(rawValue: word) { return value }
            let close = Spelling.closest(to: text, in: all).map { "did you mean \"\($0)\"?" }
            context.invalid(node, allowed: allowed, suggestion: close)
            return nil
        }
    }
}

extension FieldType {
    /// The same text for values of another type.
    func map<Other>(
        _ transform: @escaping @Sendable (Value) -> Other, back: @escaping @Sendable (Other) -> Value
    ) -> FieldType<Other> {
        let (decode, show) = (decode, show)
        return FieldType<Other>(schema: schema, allowed: allowed, show: { show(back($0)) }) { node, context in
            decode(node, &context).map(transform)
        }
    }
}
