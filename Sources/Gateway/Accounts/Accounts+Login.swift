import Credentials
import Logging
public import Model

/// Where a login comes from.
public struct LoginOrigin: Sendable, Hashable {
    /// The address; nil: the unix socket.
    public var address: IPAddress?
    /// What the client calls itself.
    public var userAgent: String

    /// An origin.
    public init(address: IPAddress?, userAgent: String) {
        self.address = address
        self.userAgent = String(
            String.UnicodeScalarView(
                userAgent.unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }.prefix(200)))
    }

    /// What attempts are counted by: an IPv4 address, or the /64 that one line of IPv6 gets.
    var network: String {
        guard let address else { return "" }
        return address.family == .ipv4 ? "\(address)" : "\(address.masked(to: 64))/64"
    }
}

/// A session that a login began.
public struct BegunSession: Sendable {
    /// The value of its token, for the one answer that shows it.
    public var token: String
    /// When it ends if it isn't used.
    public var expiresAt: Timestamp
    /// How long it may live at most, in seconds.
    public var lifetime: Int64
    /// Whose it is.
    public var account: Account
}

extension Accounts {
    /// Begins a session, always with a new token. It takes the same time whether the user exists or not.
    ///
    /// - Throws: ``AccountFailure``.
    public func login(
        username: String, password: SecretBytes, from origin: LoginOrigin
    ) async throws(AccountFailure) -> BegunSession {
        let directory = try presentDirectory()
        let account = directory.account(named: username)
        let attempt = try await begin(logins, subject: Self.subject(username), origin, account)
        let isRight = try await verify(password, of: account)
        // The same work for everybody up to here; only now it is said who may not.
        guard isRight, let account else {
            await record(.failure, account, origin)
            throw .wrongCredentials("Invalid username or password")
        }
        return try await stored {
            let now = clock.now()
            try await logins.succeed(attempt, at: now)
            let value = TokenValue.generate(.session)
            let session = LoginSession(
                id: Self.newID(), digest: value.digest, userID: account.id, password: account.passwordMark,
                createdAt: now, lastSeenAt: now)
            try await store.insertSession(session)
            await record(.success, account, origin)
            return BegunSession(
                token: value.reveal(), expiresAt: session.end(lastSeen: now, api: directory.api),
                lifetime: AccountAuthenticator.sessionLifetime, account: account)
        }
    }

    /// Ends the session of a principal.
    ///
    /// - Throws: ``AccountFailure``; a conflict when he uses no session.
    public func logout(_ principal: Principal) async throws(AccountFailure) {
        guard case .session(let id) = principal.proof else {
            throw .refused(.conflict("there is no session to end: API tokens are revoked with DELETE /api/tokens/{id}"))
        }
        try await stored { try await store.deleteCredentials(tokens: [], sessions: [id]) }
    }

    /// When the proof of a principal ends; nil: never.
    ///
    /// - Throws: ``AccountFailure``.
    public func end(of principal: Principal) async throws(AccountFailure) -> Timestamp? {
        let api = try presentDirectory().api
        return try await stored {
            switch principal.proof {
            case .none, .socket: nil
            case .token(let id, _): try await cache.tokens().first { $0.id == id }?.expiresAt
            case .session(let id):
                try await cache.sessions().first { $0.id == id }.map { $0.end(lastSeen: $0.lastSeenAt, api: api) }
            }
        }
    }

    /// Whether what somebody showed still holds: his token or session is there and has not run out.
    ///
    /// - Throws: ``AccountFailure``.
    public func isValid(_ principal: Principal) async throws(AccountFailure) -> Bool {
        let api = try presentDirectory().api
        let now = clock.now()
        return try await stored {
            switch principal.proof {
            case .none, .socket: true
            case .token(let id, _):
                try await cache.tokens().contains { $0.id == id && $0.expiresAt.map { $0 > now } ?? true }
            case .session(let id):
                try await cache.sessions().contains { $0.id == id && $0.end(lastSeen: $0.lastSeenAt, api: api) > now }
            }
        }
    }

    /// The logins of a user, newest first.
    ///
    /// - Throws: ``AccountFailure``.
    public func loginHistory(ofUser id: String) async throws(AccountFailure) -> [LoginRecord] {
        try await stored { try await store.logins(userID: id) }
    }

    /// Judges the present password of somebody who wants another one, and makes the hash of the new one. What writes it
    /// into the repository ends his sessions.
    ///
    /// - Throws: ``AccountFailure``.
    public func newPassword(
        for principal: Principal, current: SecretBytes, new: SecretBytes
    ) async throws(AccountFailure) -> String {
        guard let account = try presentDirectory().account(id: principal.userID) else {
            throw .refused(.conflict("only users have passwords: use `wirebuddy user set NAME --password`"))
        }
        if let problem = PasswordRule.problem(of: new) {
            throw .refused(.invalidFields(kind: "User", name: "", [InvalidField("new_password", problem)]))
        }
        _ = try await begin(changes, subject: account.id, nil, nil)
        guard try await verify(current, of: account) else {
            throw .refused(
                .invalidFields(
                    kind: "User", name: account.username,
                    [InvalidField("current_password", "current_password is not the present password")]))
        }
        return try await passwordHash(of: new, field: "new_password")
    }

    private func begin(
        _ ledger: AttemptLedger, subject: String, _ origin: LoginOrigin?, _ account: Account?
    ) async throws(AccountFailure) -> AttemptLedger.Attempt {
        let policy: AttemptPolicy = origin == nil ? .password : .login
        let result = try await stored {
            try await ledger.begin(subject: subject, address: origin?.network ?? "", at: clock.now())
        }
        switch result {
        case .success(let attempt): return attempt
        case .failure(let wait):
            if let origin { await record(.locked, account, origin) }
            throw .tooManyAttempts(retryAfter: wait.seconds, limit: policy.limit, window: policy.window)
        }
    }

    private func verify(_ password: SecretBytes, of account: Account?) async throws(AccountFailure) -> Bool {
        // Longer ones are nobody's password; hashing them would only cost time.
        let isPossible = password.count <= PasswordRule.maximumSize
        do throws(PasswordFailure) {
            let isRight = try await passwords.verify(
                isPossible ? password : SecretBytes([]), against: account?.passwordHash)
            return isRight && isPossible && account?.enabled == true
        } catch {
            throw AccountFailure(error)
        }
    }

    /// What can't be a user name may be a password that was typed into the wrong field: it is not stored.
    private static func subject(_ username: String) -> String {
        Username.isValid(username) ? username.lowercased() : ""
    }

    private func record(_ outcome: LoginRecord.Outcome, _ account: Account?, _ origin: LoginOrigin) async {
        guard let account else { return }
        do {
            try await store.appendLogin(
                LoginRecord(
                    at: clock.now(), userID: account.id, address: origin.address.map { "\($0)" } ?? "",
                    userAgent: origin.userAgent, outcome: outcome))
        } catch {
            logger.warning("a login can't be recorded", metadata: ["user": "\(account.id)", "error": "\(error)"])
        }
    }
}
