/// A question whose decision is to be explained, as people write it.
public struct DNSQuestion: Sendable, Hashable {
    /// The name that is asked for.
    public var domain: String
    /// The peer that asks: its name, its DNS label, `interface/name`, or an address of its own; nil: every peer.
    public var client: String?
    /// The type of record: `A`, `HTTPS`, `TYPE65280`.
    public var type: String

    /// A question.
    public init(domain: String, client: String? = nil, type: String = "A") {
        self.domain = domain
        self.client = client
        self.type = type
    }
}
