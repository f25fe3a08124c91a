import Credentials
import Database
import Foundation
import Logging
import Model
import Synchronization
import Testing

@testable import Gateway

/// Accounts over a real database, with users and a time that a test decides.
final class AccountsLab: Sendable {
    static let password = "SecurePassword123!"
    /// Made once: a hash takes a tenth of a second.
    static let hash: PasswordHash? = try? PasswordHash.make(SecretBytes(Array(password.utf8)))

    let directory: URL
    let database: GatewayDatabase
    let users: TestUsers
    let clock = TestClock()
    let accounts: Accounts

    init(_ users: [Account]? = nil, state: URL? = nil) throws {
        directory =
            state ?? FileManager.default.temporaryDirectory.appendingPathComponent("wirebuddy-accounts-\(UUID())")
        database = try GatewayDatabase.open(state: directory.path)
        self.users = TestUsers(users ?? [Self.alice, Self.bob])
        accounts = Self.accounts(self.users, database, clock)
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    static func accounts(_ users: TestUsers, _ database: GatewayDatabase, _ clock: TestClock) -> Accounts {
        let store = DatabaseAccounts(database: database)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return Accounts(
            users: users, store: store, cache: CredentialCache(store, logger: logger), passwords: PasswordQueue(),
            clock: clock, logger: logger)
    }

    static let alice = Account(
        id: "a", username: "alice", email: "alice@example.com", role: .admin, passwordHash: hash)
    static let bob = Account(id: "b", username: "Bob", role: .user, passwordHash: hash)
    static let home = LoginOrigin(address: IPAddress("192.0.2.7"), userAgent: "curl")

    func login(
        _ name: String = "alice", _ password: String = password, from origin: LoginOrigin = home
    ) async throws(AccountFailure) -> BegunSession {
        try await accounts.login(username: name, password: SecretBytes(Array(password.utf8)), from: origin)
    }

    /// Who makes a request with a bearer token; nil: nobody.
    func principal(_ bearer: String, from address: String = "192.0.2.7") async -> Principal? {
        guard
            case .known(let principal) = await accounts.authenticator.authenticate(
                PresentedProof(bearer: bearer), from: IPAddress(address))
        else { return nil }
        return principal
    }

    func token(
        _ owner: String = "a", _ permission: TokenPermission = .full, lifetime: TokenRequest.Lifetime = .never,
        from prefixes: [String] = [], secrets: Bool = false
    ) async throws -> (id: String, value: String) {
        let request = TokenRequest(
            name: "t\(Int.random(in: 0..<Int.max))", lifetime: lifetime, permission: permission,
            allowedIPs: prefixes.compactMap { Prefix($0) }, allowsSecrets: secrets)
        let (token, value) = try await accounts.createToken(request, for: owner)
        return (token.token.id, value)
    }
}

/// Users that a test changes.
final class TestUsers: AccountSource {
    private let state: Mutex<AccountDirectory?>

    init(_ users: [Account]) { state = Mutex(AccountDirectory(users)) }

    var directory: AccountDirectory? { state.withLock { $0 } }

    func set(_ users: [Account]?, api: Settings.API = Settings.API()) {
        state.withLock { $0 = users.map { AccountDirectory($0, api: api) } }
    }
}

/// A clock that a test moves.
final class TestClock: WallClock {
    private let seconds = Mutex<Int64>(1_800_000_000)

    func now() -> Timestamp { Timestamp(seconds: seconds.withLock { $0 }) }
    func advance(_ count: Int64) { seconds.withLock { $0 += count } }
}

/// The database as the use cases see it.
struct DatabaseAccounts: AccountStore {
    let database: GatewayDatabase

    func credentialGeneration() throws -> UInt64 { try database.credentialGeneration() }
    func credentials() async throws -> StoredCredentials { try await database.credentials() }
    func insertToken(_ token: APIToken) async throws { try await database.insertToken(token) }
    func insertSession(_ session: LoginSession) async throws { try await database.insertSession(session) }
    func deleteCredentials(tokens: [String], sessions: [String]) async throws {
        try await database.deleteCredentials(tokens: tokens, sessions: sessions)
    }
    func recordUse(tokens: [String: TokenUse], sessions: [String: Timestamp]) async throws {
        try await database.recordUse(tokens: tokens, sessions: sessions)
    }
    func appendLogin(_ record: LoginRecord) async throws { try await database.appendLogin(record) }
    func logins(userID: String) async throws -> [LoginRecord] { try await database.logins(userID: userID) }
    func attempts() async throws -> [AttemptKey: AttemptRecord] { try await database.attempts() }
    func recordAttempts(_ records: [AttemptKey: AttemptRecord?]) async throws {
        try await database.recordAttempts(records)
    }
    func enrolment() async throws -> Enrolment? { try await database.enrolment() }
    func setEnrolment(_ enrolment: Enrolment?) async throws { try await database.setEnrolment(enrolment) }
    func pruneAccounts(sessions: Timestamp, history: Timestamp) async throws {
        try await database.pruneAccounts(sessions: sessions, history: history)
    }
}
