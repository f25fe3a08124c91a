import Gateway
import Manifest
import Model

/// Fields that must be there, or must not be null where they are.
extension ActionBody {
    /// A text that must be there.
    mutating func required(_ field: String, count: ClosedRange<Int>) -> String {
        guard let node = given(field) else {
            refuse(field, "\(field) is required")
            return ""
        }
        guard case .scalar(let scalar) = node.content, scalar.value == .string else {
            refuse(field, "\(field) must be a string")
            return ""
        }
        guard count.contains(scalar.text.unicodeScalars.count) else {
            refuse(field, "\(field) must have \(count.lowerBound) to \(count.upperBound) characters")
            return ""
        }
        return scalar.text
    }

    /// A password that must be there.
    mutating func password(_ field: String) -> SecretBytes {
        SecretBytes(Array(required(field, count: 1...1024).utf8))
    }

    /// One of some words; nil when it isn't there.
    mutating func word<Word: RawRepresentable<String> & CaseIterable>(_ field: String, _ type: Word.Type) -> Word? {
        guard let node = given(field) else { return nil }
        if case .scalar(let scalar) = node.content, scalar.value == .string, let word = Word(rawValue: scalar.text) {
            return word
        }
        refuse(field, "\(field) must be one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
        return nil
    }

    /// Yes or no; nil when it isn't there.
    mutating func boolean(_ field: String) -> Bool? {
        guard let node = given(field) else { return nil }
        if case .scalar(let scalar) = node.content, case .boolean(let value) = scalar.value { return value }
        refuse(field, "\(field) must be true or false")
        return nil
    }

    /// A list of addresses and prefixes; empty when it isn't there.
    mutating func prefixes(_ field: String, atMost limit: Int) -> [Prefix] {
        guard let node = given(field) else { return [] }
        guard case .list(let items) = node.content, items.count <= limit else {
            refuse(field, "\(field) must be a list of at most \(limit) addresses and prefixes")
            return []
        }
        let prefixes = items.compactMap { item -> Prefix? in
            guard case .scalar(let scalar) = item.content, scalar.value == .string else { return nil }
            return Prefix(scalar.text)
        }
        if prefixes.count != items.count {
            refuse(field, "\(field) must hold addresses and prefixes like \"203.0.113.0/24\"")
        }
        return prefixes
    }

    /// The value of a field, also `null`; nil when it isn't there.
    private mutating func given(_ field: String) -> Node? {
        known.insert(field)
        return entries.first { $0.key.text == field }?.value
    }
}
