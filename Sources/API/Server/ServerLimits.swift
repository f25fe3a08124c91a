/// How much of everything the server takes from its clients.
public struct ServerLimits: Sendable, Equatable {
    /// Bytes of one header field, and of the request line.
    public var headerFieldSize = 8 << 10
    /// Bytes of all header fields.
    public var headerSize = 32 << 10
    /// Header fields.
    public var headerCount = 100
    /// Bytes of a body.
    public var bodySize = 1 << 20
    /// The time in which the first request's head must be there, TLS handshake included.
    public var headTime: Duration = .seconds(10)
    /// The time in which a body must be there.
    public var bodyTime: Duration = .seconds(30)
    /// The time a body may stand still.
    public var bodyPause: Duration = .seconds(10)
    /// The time a connection may be without a request. The next head must be complete by then, too.
    public var idleTime: Duration = .seconds(60)
    /// The time a client may leave an answer unread.
    public var writeTime: Duration = .seconds(30)
    /// The time a refused client is listened to, so that it can read why.
    public var lingerTime: Duration = .seconds(1)
    /// The time requests have to end when the server stops.
    public var stopTime: Duration = .seconds(10)
    /// Connections from addresses.
    public var connections = 1024
    /// Connections of one IPv4 address or IPv6 /64; trusted proxies are exempt.
    public var connectionsPerAddress = 768
    /// Connections at the unix socket.
    public var localConnections = 256

    /// The defaults.
    public init() {}
}
