public import Credentials
import FoundationEssentials
public import Logging
public import Model

/// What people do with accounts, once for REST and CLI: log in and out, tokens, passwords, the first admin.
public struct Accounts: Sendable {
    let users: any AccountSource
    let store: any AccountStore
    let cache: CredentialCache
    let passwords: PasswordQueue
    let clock: any WallClock
    let logger: Logger
    let logins: AttemptLedger
    let changes: AttemptLedger

    /// Accounts of one gateway.
    public init(
        users: any AccountSource, store: any AccountStore, cache: CredentialCache, passwords: PasswordQueue,
        clock: any WallClock, logger: Logger
    ) {
        self.users = users
        self.store = store
        self.cache = cache
        self.passwords = passwords
        self.clock = clock
        self.logger = logger
        logins = AttemptLedger("login", policy: .login, store: store)
        changes = AttemptLedger("password", policy: .password, store: store)
    }

    /// Says who makes a request.
    public var authenticator: AccountAuthenticator {
        AccountAuthenticator(accounts: users, cache: cache, clock: clock)
    }

    /// The hash of a new password, for the repository.
    ///
    /// - Parameter field: the field it was given in.
    /// - Throws: ``AccountFailure``.
    public func passwordHash(
        of password: SecretBytes, field: String = "password"
    ) async throws(AccountFailure) -> String {
        if let problem = PasswordRule.problem(of: password) {
            throw .refused(.invalidFields(kind: "User", name: "", [InvalidField(field, problem)]))
        }
        do throws(PasswordFailure) {
            return try await passwords.hash(password).text
        } catch {
            throw AccountFailure(error)
        }
    }

    /// Ends all sessions of a user.
    ///
    /// - Throws: ``AccountFailure``.
    public func endSessions(ofUser id: String) async throws(AccountFailure) {
        try await stored {
            let sessions = try await cache.sessions().filter { $0.userID == id }.map(\.id)
            try await store.deleteCredentials(tokens: [], sessions: sessions)
        }
    }

    /// Drops what is over: sessions, tokens that ended and logins of more than a year ago.
    public func prune() async {
        let now = clock.now()
        do {
            try await store.pruneAccounts(
                sessions: now.advanced(bySeconds: -AccountAuthenticator.sessionLifetime),
                history: now.advanced(bySeconds: -365 * 86_400))
        } catch {
            logger.warning("old sessions and logins can't be dropped", metadata: ["error": "\(error)"])
        }
    }

    /// The users that hold now; nil while they are not known.
    public var directory: AccountDirectory? { users.directory }

    func presentDirectory() throws(AccountFailure) -> AccountDirectory {
        guard let directory = users.directory else {
            throw .unavailable("the gateway starts: its users are not known yet")
        }
        return directory
    }

    /// Runs what uses the store.
    func stored<Value>(_ body: () async throws -> Value) async throws(AccountFailure) -> Value {
        do {
            return try await body()
        } catch let failure as AccountFailure {
            throw failure
        } catch {
            throw .refused(.failed("\(error)"))
        }
    }

    static func newID() -> String { UUID().uuidString.lowercased() }
}

extension AccountFailure {
    init(_ failure: PasswordFailure) {
        switch failure {
        case .busy: self = .busy
        case .outOfMemory: self = .unavailable("there is no memory to check a password: try again later")
        }
    }
}
