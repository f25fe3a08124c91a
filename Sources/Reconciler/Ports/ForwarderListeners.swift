/// Where the DNS forwarder of this process answers. The controller doesn't start or stop it, it only tells of it.
public protocol ForwarderListeners: Sendable {
    /// Every listener that is wanted now; empty: no forwarder is wanted.
    func listeners() async -> [ForwarderListener]
}

/// One place where the DNS forwarder is to answer.
public struct ForwarderListener: Sendable, Hashable {
    /// The place, for people: `10.8.0.1:53 on wg0`.
    public var place: String
    /// Why no query is taken there now, and what to do if somebody has to do something; nil: queries are taken. It holds no
    /// time and no counter, so that what stands doesn't look new at every pass.
    public var waiting: String?

    /// A listener.
    public init(place: String, waiting: String? = nil) {
        self.place = place
        self.waiting = waiting
    }
}
