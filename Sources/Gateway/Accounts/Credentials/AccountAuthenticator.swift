import Credentials
public import Model

/// Says who makes a request, by bearer token, cookie or, where it is allowed, token in the address. Rights are the lesser
/// of what the token allows and what the role of its owner allows now.
public struct AccountAuthenticator: Authenticator {
    /// How long a session lives at most; 12 h.
    static let sessionLifetime: Int64 = 43_200

    let accounts: any AccountSource
    let cache: CredentialCache
    let clock: any WallClock

    /// An authenticator.
    public init(accounts: any AccountSource, cache: CredentialCache, clock: any WallClock) {
        self.accounts = accounts
        self.cache = cache
        self.clock = clock
    }

    /// Judges what a request presents. Bearer goes before the address, the address before the cookie.
    public func authenticate(_ proof: PresentedProof, from client: IPAddress?) async -> Authentication {
        guard let directory = accounts.directory else {
            return .unavailable("the gateway starts: its users are not known yet")
        }
        guard directory.hasAdmin else { return .notEnrolled }
        do {
            if let bearer = proof.bearer { return try await judge(bearer, directory, client) ?? .refused(hint: nil) }
            if let query = proof.query {
                guard directory.api.queryTokens else {
                    return .refused(
                        hint: "tokens in the address are switched off: send Authorization: Bearer, or set"
                            + " api.query_tokens in the settings")
                }
                return try await judge(query, directory, client, only: .api) ?? .refused(hint: nil)
            }
            guard let cookie = proof.cookie else { return .known(.anonymous) }
            return try await judge(cookie, directory, client, only: .session) ?? .refused(hint: nil)
        } catch {
            return .unavailable("tokens and sessions can't be read: \(error)")
        }
    }

    private func judge(
        _ text: String, _ directory: AccountDirectory, _ client: IPAddress?, only kind: TokenValue.Kind? = nil
    ) async throws -> Authentication? {
        guard let value = TokenValue(text), value.kind != .enrolment, kind == nil || value.kind == kind else {
            return nil
        }
        let now = clock.now()
        switch try await cache.find(value.digest) {
        case nil: return nil
        case .token(let token):
            guard value.kind == .api, token.expiresAt.map({ $0 > now }) ?? true,
                let owner = directory.account(id: token.userID), owner.enabled,
                token.allows(client)
            else { return nil }
            cache.use(token, from: client, at: now)
            return .known(Principal(token, of: owner))
        case .session(let session):
            guard value.kind == .session, let owner = directory.account(id: session.userID), owner.enabled,
                owner.passwordMark == session.password,
                session.end(lastSeen: cache.lastSeen(session), api: directory.api) > now
            else { return nil }
            cache.use(session, at: now)
            return .known(Principal(session, of: owner))
        }
    }
}

extension APIToken {
    /// Whether it may be used from an address; a list of addresses excludes the unix socket.
    func allows(_ client: IPAddress?) -> Bool {
        if allowedIPs.isEmpty { return true }
        guard let client else { return false }
        return allowedIPs.contains { $0.contains(client) }
    }
}

extension LoginSession {
    /// When it ends if it is not used again.
    func end(lastSeen: Timestamp, api: Settings.API) -> Timestamp {
        min(
            lastSeen.advanced(bySeconds: api.sessionTTL.components.seconds),
            createdAt.advanced(bySeconds: AccountAuthenticator.sessionLifetime))
    }
}

extension Principal {
    /// Who uses a token. `full` is for admins: who is none any more may only read.
    init(_ token: APIToken, of owner: Account) {
        self.init(
            proof: .token(id: token.id, name: token.name), userID: owner.id, username: owner.username,
            email: owner.email, role: owner.role, permission: owner.role == .admin ? token.permission : .read,
            allowsSecrets: token.allowsSecrets || (token.permission == .full && owner.role == .admin))
    }

    /// Who uses a session.
    init(_ session: LoginSession, of owner: Account) {
        self.init(
            proof: .session(id: session.id), userID: owner.id, username: owner.username, email: owner.email,
            role: owner.role)
    }
}
