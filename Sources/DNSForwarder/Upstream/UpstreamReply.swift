public import Model

/// What an upstream answered.
public struct UpstreamReply: Hashable, Sendable {
    /// The answer. Id and question were compared with what was asked; nothing in its sections was.
    public let message: Message
    /// Who gave it.
    public let upstream: DNSUpstream
}
