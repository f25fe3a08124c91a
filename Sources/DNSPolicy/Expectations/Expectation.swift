/// A line of a table of expectations: what the policy must decide about a question.
public struct Expectation: Sendable, Hashable {
    /// What must be done.
    public enum Outcome: Sendable, Hashable, CustomStringConvertible {
        /// The question goes to an upstream, because of a rule or for want of one.
        case allow
        /// It is answered as blocked.
        case block
        /// It is answered with this value, among others perhaps.
        case rewrite(String)

        /// The word of the table.
        public var description: String {
            switch self {
            case .allow: "allow"
            case .block: "block"
            case .rewrite(let value): "rewrite \(value)"
            }
        }
    }

    /// The name that is asked for.
    public let name: DomainName
    /// The peer that asks, by its name or `interface/name`; nil for every peer.
    public let client: String?
    /// The type of record that is asked for.
    public let type: RecordType
    /// What must be done.
    public let outcome: Outcome
    /// Where the deciding rule must stand: a file or list, with or without a line.
    public let source: String?
    /// The line of the table, from 1.
    public let line: Int
}
