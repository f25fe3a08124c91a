public import Model

/// The users of one moment, found by id and name, and what the API's settings say about them.
public struct AccountDirectory: Sendable {
    /// The users, in the order of their names.
    public let accounts: [Account]
    /// What the API offers.
    public let api: Settings.API
    private let byID: [String: Int]
    private let byName: [String: Int]

    /// A directory.
    public init(_ accounts: [Account], api: Settings.API = Settings.API()) {
        self.accounts = accounts
        self.api = api
        byID = Dictionary(accounts.indices.map { (accounts[$0].id, $0) }) { first, _ in first }
        byName = Dictionary(accounts.indices.map { (accounts[$0].username.lowercased(), $0) }) { first, _ in first }
        hasAdmin = accounts.contains { $0.role == .admin && $0.enabled }
    }

    /// Whether there is anybody who may do everything.
    public let hasAdmin: Bool

    /// The user of an id.
    public func account(id: String) -> Account? { byID[id].map { accounts[$0] } }

    /// The user of a name, without regard to case.
    public func account(named name: String) -> Account? { byName[name.lowercased()].map { accounts[$0] } }
}

/// Who the users are now.
public protocol AccountSource: Sendable {
    /// The users that hold now; nil while that is not known yet. Never waits.
    var directory: AccountDirectory? { get }
}
