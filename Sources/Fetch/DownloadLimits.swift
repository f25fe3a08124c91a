/// How long a download may take.
public struct DownloadLimits: Sendable {
    /// The longest time to a connection, tried once for each address of the host.
    public var connect: Duration = .seconds(10)
    /// The longest time in which the server says nothing.
    public var idle: Duration = .seconds(30)
    /// The longest time in all, redirects included.
    public var total: Duration = .seconds(600)
    /// How many redirects are followed.
    public var redirects = 5

    /// The limits for servers anywhere.
    public init() {}
}
