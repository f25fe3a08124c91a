/// A line of a table of expectations: what must become of a connection.
public struct AccessExpectation: Sendable, Hashable {
    /// The peer or address that opens it, as it is written; nil for every peer.
    public let source: String?
    /// The connection; where every peer opens it, its source says nothing.
    public let question: AccessQuestion
    /// What must become of it.
    public let action: AccessRule.Action
    /// The document that must decide, by its name, its file, or its file and line; nil: whatever does.
    public let document: String?
    /// The line of the table, from 1.
    public let line: Int
}

/// An expectation that is not met.
public struct AccessExpectationFailure: Sendable, Hashable {
    /// What was expected.
    public let expectation: AccessExpectation
    /// Who opens the connection: a peer as `interface/name`, or what is written.
    public let source: String
    /// Where it leads to, where only a part of the destination's addresses is meant; nil: as it is written.
    public let destination: String?
    /// What is decided instead, or why nothing could be: lower case, no full stop.
    public let found: String
}
