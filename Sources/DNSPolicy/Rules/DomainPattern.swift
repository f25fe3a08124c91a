/// The names that a rule is about.
public enum DomainPattern: Sendable, Hashable {
    /// This name alone.
    case exact(DomainName)
    /// This name and all below it.
    case subtree(DomainName)
    /// All names below this one, not the name itself.
    case below(DomainName)
    /// Names in which a regular expression (RE2) is found; a mask is turned into one.
    case expression(String)

    /// The name that the pattern hangs on; nil for an expression.
    var name: DomainName? {
        switch self {
        case .exact(let name), .subtree(let name), .below(let name): name
        case .expression: nil
        }
    }

    /// Two patterns with equal canonical texts are about the same names.
    var canonicalText: String {
        switch self {
        case .exact(let name): "=\(name)"
        case .subtree(let name): "||\(name)^"
        case .below(let name): "||*.\(name)^"
        case .expression(let expression): "/\(expression)/"
        }
    }
}
