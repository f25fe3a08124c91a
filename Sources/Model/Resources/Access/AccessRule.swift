/// What some peers may reach through the gateway, as `kind: Access` declares it. What they reach on the gateway itself
/// is ``Interface/input``.
public struct AccessRule: Sendable, Equatable {
    /// What becomes of traffic.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// It passes.
        case allow
        /// It is dropped.
        case deny

        /// The other one.
        public var opposite: Action { self == .allow ? .deny : .allow }
    }

    /// The name, unique.
    public var name: String
    /// Whose traffic it is about: connections that these peers open, with their answers.
    public var from: AccessSources
    /// Where to.
    public var to: [AccessDestination]
    /// The protocols and ports of the destination; empty: every protocol.
    public var ports: [Service] = []
    /// What becomes of it. A document that denies wins over those that allow.
    public var action: Action = .allow
    /// What becomes of everything else that the peers of ``from`` send; nil: the opposite of ``action``. Where documents
    /// of a peer differ, `deny` wins.
    public var fallback: Action?
    /// Free text.
    public var description = ""
    /// Where the document begins.
    public var location: SourceLocation

    /// A document with the required fields; everything else has its default.
    public init(name: String, from: AccessSources, to: [AccessDestination], location: SourceLocation) {
        self.name = name
        self.from = from
        self.to = to
        self.location = location
    }

    /// What becomes of what no document of a peer names, as far as this one is asked.
    public var effectiveFallback: Action { fallback ?? action.opposite }
}
