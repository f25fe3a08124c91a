internal import DNSPolicy
internal import Model

/// Who asks from an address over an interface, by one revision.
final class Asker: Sendable {
    /// Nil for somebody unknown.
    let client: PolicyClient?
    /// `interface/name`; empty for somebody unknown.
    let name: String
    let account: PeerAccount
    let isLogged: Bool

    init(_ client: PolicyClient?, on interface: String, _ revision: Revision, _ accounts: PeerAccounts) {
        let name = client.map { "\($0.interface)/\($0.peer)" }
        self.client = client
        self.name = name ?? ""
        account = accounts.account(of: name, on: interface, revision.settings.rateLimit)
        isLogged = name.map(revision.logs) ?? false
    }
}
