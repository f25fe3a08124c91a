/// A zone whose names are asked elsewhere, an entry of `conditional` in `kind: DNSSettings`.
public struct DNSConditionalZone: Sendable, Hashable {
    /// The zone: a host name in lower case, which stands for itself and all names below.
    public var name: String
    /// Whom to ask, at least one, in the order written.
    public var upstreams: [DNSUpstream]

    /// A zone.
    public init(name: String, upstreams: [DNSUpstream]) {
        self.name = name
        self.upstreams = upstreams
    }
}
