/// What becomes of a connection, and why.
public struct AccessDecision: Sendable, Hashable {
    /// What becomes of it.
    public let action: AccessRule.Action
    /// Why.
    public let cause: AccessCause
    /// The documents that want the opposite and are not heard, by name.
    public var overridden: [AccessStatement] = []
    /// The forward that leads the connection elsewhere; nil: it goes where it was sent.
    public var forwarded: ForwardedConnection?

    /// The document that decided; nil: none did.
    public var statement: AccessStatement? {
        guard case .document(let statement) = cause else { return nil }
        return statement
    }

    init(_ action: AccessRule.Action, _ cause: AccessCause, over overridden: [AccessStatement] = []) {
        self.action = action
        self.cause = cause
        self.overridden = overridden
    }
}

/// Where a forward leads a connection.
public struct ForwardedConnection: Sendable, Hashable {
    /// The forward.
    public let forward: String
    /// Where the forward's document begins.
    public let location: SourceLocation
    /// The peer, as `interface/name`.
    public let peer: String
    /// The peer's address.
    public let address: IPAddress
    /// The port there.
    public let port: UInt16
}

extension ForwardedConnection: CustomStringConvertible {
    /// `Forward web leads to 10.8.0.5:80 of wg0/web`.
    public var description: String {
        "Forward \(forward) leads to \(SocketAddress(address, port: port)) of \(peer)"
    }
}

/// A decision and the destinations it is the same for.
public struct AccessAnswer: Sendable, Hashable {
    /// The addresses of the destination; `gateway`, with a family where the other one has another answer.
    public internal(set) var destinations: [String]
    /// What is decided.
    public let decision: AccessDecision
    /// What else there is to know: lower case, no full stop.
    public let notes: [String]
}
