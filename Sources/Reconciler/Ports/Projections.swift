public import Model

/// The tables that mirror what the repository declares: users and settings for logins and tokens, and the policy of the
/// DNS forwarder. `Database` implements it; every write is one transaction, on disk when the call returns.
public protocol Projections: Sendable {
    /// The rows as they are now, from memory unless another process wrote.
    func projected() async throws -> ProjectedState

    /// Writes the row of a user. The same transaction ends his sessions when his password is another one or he is
    /// disabled, and takes his tokens away when he is disabled.
    func project(_ user: ProjectedUser) async throws

    /// Deletes the row of a user, with his sessions and tokens. One that is gone is success.
    func removeUser(id: String) async throws

    /// Replaces the rows of the API's settings.
    func project(settings: [String: String]) async throws

    /// Writes and deletes rows of the DNS forwarder's policy. A row to delete that is gone is success.
    func project(dns: DNSDifference) async throws
}
