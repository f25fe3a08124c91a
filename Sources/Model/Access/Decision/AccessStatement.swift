/// What an `Access` document says about a connection.
public struct AccessStatement: Sendable, Hashable {
    /// The document.
    public let document: String
    /// Where the document begins.
    public let location: SourceLocation
    /// What it wants to become of the connection.
    public let action: AccessRule.Action
    /// Whether it says so by its default: it names the peer, but not the connection.
    public let isDefault: Bool

    init(_ rule: AccessRule) {
        (document, location, action, isDefault) = (rule.name, rule.location, rule.action, false)
    }

    init(defaultOf rule: AccessRule) {
        (document, location, action, isDefault) = (rule.name, rule.location, rule.effectiveFallback, true)
    }
}

extension AccessStatement: CustomStringConvertible {
    /// `Access staff denies it`, `Access staff allows everything else`.
    public var description: String {
        let verb =
            switch action {
            case .allow: "allows"
            case .deny: "denies"
            }
        return "Access \(document) \(verb) \(isDefault ? "everything else" : "it")"
    }
}
