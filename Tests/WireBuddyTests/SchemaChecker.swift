import Foundation

/// The part of JSON Schema 2020-12 that our output schemas use. An unknown keyword is an error, so that a schema never
/// says something that is not checked.
struct SchemaChecker {
    let directory: URL

    /// What is wrong with `document` by the schema in `file`; empty = nothing.
    func problems(_ document: Any, file: String) throws -> [String] {
        try check(document, try load(file), file, "")
    }

    private func load(_ file: String) throws -> [String: Any] {
        let data = try Data(contentsOf: directory.appendingPathComponent(file))
        return try JSONText.value(of: data) as? [String: Any] ?? [:]
    }

    private func check(_ value: Any, _ schema: [String: Any], _ file: String, _ path: String) throws -> [String] {
        var problems: [String] = []
        for (keyword, rule) in schema {
            switch keyword {
            case "$schema", "$id", "title", "description", "$defs": break
            case "$ref": problems += try follow(rule as? String ?? "", value, file, path)
            case "type":
                let types = (rule as? [String]) ?? [rule as? String ?? ""]
                if !types.contains(where: { Self.isType(value, $0) }) { problems.append("\(path): not \(types)") }
            case "const":
                if (value as? String) != (rule as? String) { problems.append("\(path): not \(rule)") }
            case "enum":
                if !((rule as? [String]) ?? []).contains(value as? String ?? "") {
                    problems.append("\(path): \(value) is not one of \(rule)")
                }
            case "pattern":
                let pattern = try Regex(rule as? String ?? "")
                if let text = value as? String, text.firstMatch(of: pattern) == nil {
                    problems.append("\(path): \(text) does not match")
                }
            case "minimum":
                if let number = value as? Int, let limit = rule as? Int, number < limit {
                    problems.append("\(path): \(number) < \(limit)")
                }
            case "maximum":
                if let number = value as? Int, let limit = rule as? Int, number > limit {
                    problems.append("\(path): \(number) > \(limit)")
                }
            case "anyOf":
                let branches = try ((rule as? [[String: Any]]) ?? []).map { try check(value, $0, file, path) }
                if !branches.contains(where: \.isEmpty) { problems += branches.first ?? [] }
            case "items":
                for (index, item) in ((value as? [Any]) ?? []).enumerated() {
                    problems += try check(item, rule as? [String: Any] ?? [:], file, "\(path)/\(index)")
                }
            case "properties":
                guard let object = value as? [String: Any] else { break }
                for (name, property) in (rule as? [String: [String: Any]]) ?? [:] {
                    if let member = object[name] { problems += try check(member, property, file, "\(path)/\(name)") }
                }
            case "required":
                guard let object = value as? [String: Any] else { break }
                problems += ((rule as? [String]) ?? []).filter { object[$0] == nil }.map { "\(path): no \($0)" }
            case "additionalProperties":
                guard let object = value as? [String: Any] else { break }
                let known = (schema["properties"] as? [String: Any]) ?? [:]
                for (name, member) in object where known[name] == nil {
                    guard let schema = rule as? [String: Any] else {
                        problems.append("\(path): \(name) is not described")
                        continue
                    }
                    problems += try check(member, schema, file, "\(path)/\(name)")
                }
            default: problems.append("\(file): keyword \(keyword) is not checked")
            }
        }
        return problems
    }

    private func follow(_ reference: String, _ value: Any, _ file: String, _ path: String) throws -> [String] {
        let parts = reference.split(separator: "#", omittingEmptySubsequences: false)
        let target = parts[0].isEmpty ? file : String(parts[0])
        if parts.count == 1 { return try check(value, try load(target), target, path) }
        let name = parts.count > 1 ? String(parts[1].dropFirst("/$defs/".count)) : ""
        guard let schema = (try load(target)["$defs"] as? [String: Any])?[name] as? [String: Any] else {
            return ["\(path): \(reference) leads nowhere"]
        }
        return try check(value, schema, target, path)
    }

    private static func isType(_ value: Any, _ type: String) -> Bool {
        switch type {
        case "object": return value is [String: Any]
        case "array": return value is [Any]
        case "string": return value is String
        case "null": return value is JSONText.Null
        case "boolean": return value is Bool
        case "integer": return value is Int
        default: return false
        }
    }
}

/// JSON as plain Swift values. `JSONSerialization` can't tell `1` from `true` on Linux.
enum JSONText {
    struct Null {}

    static func value(of data: Data) throws -> Any { try JSONDecoder().decode(Value.self, from: data).content }

    private struct Value: Decodable {
        let content: Any

        init(from decoder: any Decoder) throws {
            let single = try decoder.singleValueContainer()
            if single.decodeNil() {
                content = Null()
            } else if let value = try? single.decode(Bool.self) {
                content = value
            } else if let value = try? single.decode(Int.self) {
                content = value
            } else if let value = try? single.decode(String.self) {
                content = value
            } else if let value = try? single.decode([Value].self) {
                content = value.map(\.content)
            } else {
                content = try single.decode([String: Value].self).mapValues(\.content)
            }
        }
    }
}
