/// Why a text is not taken as a list at all; the last good one stays in force.
public enum ListFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// More bytes than a list may have.
    case tooLarge(bytes: Int)
    /// More lines than a list may have.
    case tooManyLines(Int)
    /// More rules than a list may have that are no plain names.
    case tooManyRules(Int)
    /// It begins like a web page.
    case page
    /// No rule is in it; so many lines were skipped.
    case empty(skipped: Int)
    /// Its regular expressions can't be searched for together.
    case expressions(String)

    /// What is wrong: lower case, no full stop.
    public var description: String {
        switch self {
        case .tooLarge(let bytes): "the list has more than \(bytes) bytes"
        case .tooManyLines(let lines): "the list has more than \(lines) lines"
        case .tooManyRules(let rules): "the list has more than \(rules) rules that are no plain names"
        case .page: "a web page was sent instead of a list"
        case .empty(let skipped): "no rule is in the list (\(skipped) lines were skipped)"
        case .expressions(let reason): "the regular expressions of the list: \(reason)"
        }
    }
}
