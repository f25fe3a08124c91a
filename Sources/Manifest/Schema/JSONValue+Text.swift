import Model

/// The texts of generated files.
extension JSONValue {
    /// One line without spaces.
    var compact: String {
        var text = ""
        write(to: &text, indentation: nil)
        return text
    }

    /// Two spaces per level, one entry per line, a final line break.
    var pretty: String {
        var text = ""
        write(to: &text, indentation: 0)
        return text + "\n"
    }

    private func write(to text: inout String, indentation: Int?) {
        switch self {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .decimal(let units, let places): text += JSONValue.decimalText(units, places)
        case .string(let value): JSONValue.writeString(value, to: &text)
        case .array(let items):
            let short = items.allSatisfy(\.isScalar) && items.count <= 8
            JSONValue.writeGroup("[", "]", items, to: &text, indentation: short ? nil : indentation) {
                item, text, inner in
                item.write(to: &text, indentation: inner)
            }
        case .object(let entries):
            JSONValue.writeGroup("{", "}", entries, to: &text, indentation: indentation) { entry, text, inner in
                JSONValue.writeString(entry.0, to: &text)
                text += inner == nil ? ":" : ": "
                entry.1.write(to: &text, indentation: inner)
            }
        }
    }

    private var isScalar: Bool {
        switch self {
        case .array, .object: false
        default: true
        }
    }

    private static func writeGroup<Element>(
        _ open: String, _ close: String, _ elements: [Element], to text: inout String, indentation: Int?,
        _ write: (Element, inout String, Int?) -> Void
    ) {
        text += open
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            if let indentation {
                text += "\n" + String(repeating: "  ", count: indentation + 1)
            }
            write(element, &text, indentation.map { $0 + 1 })
        }
        if let indentation, !elements.isEmpty { text += "\n" + String(repeating: "  ", count: indentation) }
        text += close
    }

    private static func writeString(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            default:
                if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
                    let hex = String(scalar.value, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                } else {
                    text.unicodeScalars.append(scalar)
                }
            }
        }
        text += "\""
    }
}
