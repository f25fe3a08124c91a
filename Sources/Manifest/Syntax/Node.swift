/// One value of a YAML or JSON text with its exact place.
///
/// The range of a node excludes indentation before it, comments after it and the line break that ends its last line.
/// An empty value (`key:`) is a plain scalar with an empty range directly behind its `:` or `-`.
public struct Node: Sendable {
    /// What a node is.
    public enum Content: Sendable {
        /// A single value.
        case scalar(Scalar)
        /// A mapping; entries keep the order of the text, keys are unique.
        case map([Entry])
        /// A sequence.
        case list([Node])
        /// A form outside the supported subset; a problem was reported at its place, nothing more is to be said.
        case unsupported
    }

    /// What stands there.
    public let content: Content
    /// Where it stands.
    public let range: SourceRange

    /// Makes a node.
    public init(_ content: Content, range: SourceRange) {
        self.content = content
        self.range = range
    }

    /// The value below `key` of a mapping, nil for other nodes and absent keys.
    public subscript(key: String) -> Node? {
        guard case .map(let entries) = content else { return nil }
        return entries.first { $0.key.text == key }?.value
    }
}

/// One key of a mapping with its value.
public struct Entry: Sendable {
    /// The key.
    public let key: Key
    /// The value.
    public let value: Node

    /// Makes an entry.
    public init(key: Key, value: Node) {
        self.key = key
        self.value = value
    }

    /// From the key's first byte to the value's last.
    public var range: SourceRange { SourceRange(start: key.range.start, end: value.range.end) }
}

/// The key of a mapping's entry: always a string.
public struct Key: Sendable {
    /// The key without quotes and escapes.
    public let text: String
    /// How it is written.
    public let style: Scalar.Style
    /// Where it stands, quotes included.
    public let range: SourceRange

    /// Makes a key.
    public init(text: String, style: Scalar.Style, range: SourceRange) {
        self.text = text
        self.style = style
        self.range = range
    }
}
