public import Model

/// A question as the policy sees it.
public struct PolicyQuestion: Sendable, Hashable {
    /// Who asks.
    public let client: PolicyClient
    /// The name that is asked for.
    public let name: DomainName
    /// The type of record that is asked for.
    public let type: RecordType
    /// When it is asked.
    public let time: Timestamp

    /// A question of a client.
    public init(client: PolicyClient, name: DomainName, type: RecordType, time: Timestamp) {
        self.client = client
        self.name = name
        self.type = type
        self.time = time
    }
}
