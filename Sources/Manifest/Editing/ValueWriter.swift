/// Writes values in the habits of a file.
struct ValueWriter {
    /// Longer flow collections are written as blocks.
    static let maximumWidth = 100

    /// Spaces per level of nested block mappings.
    var step = 2
    /// How much deeper than its key a block list stands.
    var listOffset = 2
    /// Which quotes are used where quotes are needed.
    var quote = Scalar.Style.double
    /// Whether lists are written as blocks even when they are short.
    var writesBlockLists = false
    /// Whether short mappings are written in braces.
    var writesFlowMaps = false
    /// JSON instead of YAML.
    var isJSON = false

    // MARK: - One line

    /// A value on one line: a scalar, or a collection in brackets or braces.
    ///
    /// - Parameter like: the style of its neighbours or of what it replaces.
    func inline(_ value: EditValue, inFlow: Bool, like style: Scalar.Style = .plain, colon: String = ": ") -> String {
        switch value {
        case .null: return "null"
        case .boolean(let value): return value ? "true" : "false"
        case .integer(let value): return String(value)
        case .string(let text): return string(text, inFlow: inFlow, like: style)
        case .list(let items):
            return "[" + items.map { inline($0, inFlow: true, like: style, colon: colon) }.joined(separator: ", ") + "]"
        case .map(let fields):
            let style = style == .double ? style : .plain
            return "{"
                + fields.map { field in
                    flowKey(field.key, like: style, colon: colon)
                        + inline(field.value, inFlow: true, like: style, colon: colon)
                }.joined(separator: ", ") + "}"
        }
    }

    /// A key of a flow mapping with its colon; without a space only a quoted key is read as a key.
    func flowKey(_ key: String, like style: Scalar.Style, colon: String) -> String {
        let text = string(key, inFlow: true, like: style)
        return text + (text.hasSuffix("\"") ? colon : ": ")
    }

    /// A text or a key.
    func string(_ text: String, inFlow: Bool, like style: Scalar.Style = .plain) -> String {
        isJSON
            ? ScalarText.double(text, json: true)
            : ScalarText.string(text, style: style, inFlow: inFlow, quote: quote)
    }

    /// Whether a value that stands in a block is written as a block of its own.
    func writesBlock(_ value: EditValue, column: Int) -> Bool {
        guard !isJSON, value.isNonEmptyCollection else { return false }
        switch value {
        case .list(let items):
            return writesBlockLists || items.contains(where: \.isNonEmptyCollection) || isWide(value, column)
        case .map(let fields):
            return !writesFlowMaps || fields.contains { $0.value.isNonEmptyCollection } || isWide(value, column)
        default: return false
        }
    }

    private func isWide(_ value: EditValue, _ column: Int) -> Bool {
        column + inline(value, inFlow: true).unicodeScalars.count > ValueWriter.maximumWidth
    }

    // MARK: - Blocks

    /// The lines of a block collection without indentation of its own and without line breaks.
    func block(_ value: EditValue) -> [String] {
        switch value {
        case .list(let items): items.flatMap { item($0, gap: " ") }
        case .map(let fields): fields.flatMap { field($0.key, $0.value) }
        default: [inline(value, inFlow: false)]
        }
    }

    /// The lines of an item of a block list.
    func item(_ value: EditValue, gap: String, like style: Scalar.Style = .plain) -> [String] {
        guard writesBlock(value, column: 1 + gap.utf8.count) else {
            return ["-" + gap + inline(value, inFlow: false, like: style)]
        }
        let inner = block(value)
        return inner.indices.map {
            ($0 == 0 ? "-" + gap : String(repeating: " ", count: 1 + gap.utf8.count)) + inner[$0]
        }
    }

    /// The lines of a field of a block mapping.
    func field(
        _ key: String, _ value: EditValue, keyStyle: Scalar.Style = .plain, like style: Scalar.Style = .plain
    ) -> [String] {
        let head = string(key, inFlow: true, like: keyStyle) + ":"
        guard writesBlock(value, column: head.utf8.count + 1) else {
            return [head + " " + inline(value, inFlow: false, like: style)]
        }
        let indentation = String(repeating: " ", count: depth(of: value))
        return [head] + block(value).map { indentation + $0 }
    }

    /// How much deeper than its key a block value stands.
    func depth(of value: EditValue) -> Int {
        if case .list = value { return listOffset }
        return step
    }

    /// A whole document, each line with its line break.
    func document(_ value: EditValue, lineBreak: String = "\n") -> [[UInt8]] {
        let isBlock = !isJSON && value.isNonEmptyCollection
        return (isBlock ? block(value) : [inline(value, inFlow: false)]).map { Array(($0 + lineBreak).utf8) }
    }
}
