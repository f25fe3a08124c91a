/// Reads the text format of Prometheus, strictly, and knows nothing of its writer.
struct MetricParser {
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    struct Sample: Equatable {
        var name: String
        var labels: [String: String]
        var value: String
    }

    struct Family: Equatable {
        var name: String
        var help: String
        var type: String
        var samples: [Sample] = []
    }

    private(set) var families: [Family] = []

    init(_ bytes: [UInt8]) throws {
        guard bytes.last == UInt8(ascii: "\n") || bytes.isEmpty else {
            throw Fault(description: "no end of line at the end")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Fault(description: "no UTF-8") }
        // By scalars: "\r\n" is one character.
        for line in text.unicodeScalars.split(separator: "\n").map({ String($0) }) {
            try take(line)
        }
        var seen: Set<String> = []
        for family in families {
            for sample in family.samples {
                let key = sample.name + "\(sample.labels.sorted { $0.key < $1.key })"
                guard seen.insert(key).inserted else { throw Fault(description: "twice: \(key)") }
            }
        }
    }

    private mutating func take(_ line: String) throws {
        if line.hasPrefix("# HELP ") {
            let parts = line.dropFirst(7).split(separator: " ", maxSplits: 1).map(String.init)
            guard parts.count == 2, !families.contains(where: { $0.name == parts[0] }) else {
                throw Fault(description: "help: \(line)")
            }
            families.append(Family(name: parts[0], help: parts[1], type: ""))
            return
        }
        if line.hasPrefix("# TYPE ") {
            let parts = line.dropFirst(7).split(separator: " ").map(String.init)
            guard parts.count == 2, families.last?.name == parts[0], families.last?.type == "" else {
                throw Fault(description: "type: \(line)")
            }
            families[families.count - 1].type = parts[1]
            return
        }
        let sample = try Self.sample(line)
        guard let family = families.last, family.type != "", sample.name.hasPrefix(family.name),
            ["", "_bucket", "_sum", "_count"].contains(String(sample.name.dropFirst(family.name.count)))
        else { throw Fault(description: "not of the family: \(line)") }
        families[families.count - 1].samples.append(sample)
    }

    private static func sample(_ line: String) throws -> Sample {
        var rest = Array(line.unicodeScalars)[...]
        let name = word(&rest)
        guard !name.isEmpty else { throw Fault(description: "no name: \(line)") }
        var labels: [String: String] = [:]
        if rest.first == "{" {
            repeat {
                rest.removeFirst()
                let label = word(&rest)
                guard !label.isEmpty, rest.popFirst() == "=", rest.popFirst() == "\"" else {
                    throw Fault(description: "label: \(line)")
                }
                guard labels.updateValue(try quoted(&rest, line), forKey: label) == nil else {
                    throw Fault(description: "label twice: \(line)")
                }
            } while rest.first == ","
            guard rest.popFirst() == "}" else { throw Fault(description: "no end of labels: \(line)") }
        }
        guard rest.popFirst() == " " else { throw Fault(description: "no blank: \(line)") }
        let value = String(String.UnicodeScalarView(rest))
        guard ["+Inf", "-Inf", "NaN"].contains(value) || Double(value) != nil else {
            throw Fault(description: "value: \(line)")
        }
        return Sample(name: name, labels: labels, value: value)
    }

    private static func word(_ rest: inout ArraySlice<Unicode.Scalar>) -> String {
        var word = ""
        while let scalar = rest.first, scalar.isASCII,
            scalar.properties.isAlphabetic || scalar == "_"
                || !word.isEmpty && ("0"..."9").contains(scalar)
        {
            word.unicodeScalars.append(scalar)
            rest.removeFirst()
        }
        return word
    }

    private static func quoted(_ rest: inout ArraySlice<Unicode.Scalar>, _ line: String) throws -> String {
        var text = ""
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return text
            case "\\":
                switch rest.popFirst() {
                case "n": text += "\n"
                case "\\": text += "\\"
                case "\"": text += "\""
                default: throw Fault(description: "escape: \(line)")
                }
            default: text.unicodeScalars.append(scalar)
            }
        }
        throw Fault(description: "no end of a value: \(line)")
    }
}
