/// How text for people is painted. Injected, so that the same rendering serves a terminal, a pipe and a test.
public enum TextStyle: Sendable, Hashable {
    /// No escape sequences.
    case plain
    /// ANSI SGR sequences (ECMA-48 8.3.117), the eight standard colours only.
    case ansi

    /// What a piece of text means.
    public enum Role: Sendable, Hashable {
        /// Something comes into being.
        case create
        /// Something changes.
        case update
        /// Something goes.
        case delete
        /// Something foreign is taken over.
        case adopt
        /// A heading.
        case heading
        /// What may be skipped.
        case faint
        /// All is well.
        case good
        /// Something deserves a look.
        case warning
        /// Something failed or is refused.
        case failure
    }

    /// `text` in the colour of `role`.
    public func paint(_ text: String, _ role: Role) -> String {
        guard self == .ansi, !text.isEmpty else { return text }
        let code =
            switch role {
            case .create, .good: "32"
            case .update, .warning: "33"
            case .delete, .failure: "31"
            case .adopt: "35"
            case .heading: "1"
            case .faint: "2"
            }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}
