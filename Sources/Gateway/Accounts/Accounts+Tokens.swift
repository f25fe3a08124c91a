import Credentials
public import Model

/// A token with whose it is.
public struct OwnedToken: Sendable, Hashable {
    /// The token.
    public var token: APIToken
    /// The name of its owner.
    public var username: String
}

extension Accounts {
    /// How many tokens a user may have.
    static let maximumTokens = 100

    /// Makes a token of a user. Its value is returned here and never again.
    ///
    /// - Throws: ``AccountFailure``.
    public func createToken(
        _ request: TokenRequest, for ownerID: String
    ) async throws(AccountFailure) -> (token: OwnedToken, value: String) {
        guard let owner = try presentDirectory().account(id: ownerID) else {
            throw .refused(.conflict("tokens belong to users: name one with `wirebuddy token create --user NAME`"))
        }
        if let problem = TokenRequest.problem(ofName: request.name) {
            throw .refused(
                .invalidFields(kind: "Token", name: request.name, [InvalidField("name", problem)]))
        }
        guard request.permission == .read || owner.role == .admin else { throw .forbidden }
        return try await stored {
            let present = try await cache.tokens().filter { $0.userID == owner.id }
            guard !present.contains(where: { $0.name == request.name }) else {
                throw AccountFailure.refused(
                    .alreadyExists(kind: "Token", name: request.name, place: "revoke it first, or choose another name"))
            }
            guard present.count < Self.maximumTokens else {
                throw AccountFailure.refused(
                    .conflict("\(owner.username) has \(present.count) tokens: revoke those that nobody needs"))
            }
            let now = clock.now()
            let value = TokenValue.generate(.api)
            let token = APIToken(
                id: Self.newID(), digest: value.digest, name: request.name, userID: owner.id,
                permission: request.permission, allowsSecrets: request.allowsSecrets, allowedIPs: request.allowedIPs,
                createdAt: now, expiresAt: request.lifetime.seconds.map { now.advanced(bySeconds: $0) })
            try await store.insertToken(token)
            return (OwnedToken(token: token, username: owner.username), value.reveal())
        }
    }

    /// The tokens that somebody may see: his own, and an admin everybody's; oldest first.
    ///
    /// - Throws: ``AccountFailure``.
    public func tokens(for principal: Principal) async throws(AccountFailure) -> [OwnedToken] {
        let directory = try presentDirectory()
        return try await stored {
            try await cache.tokens().compactMap { token in
                guard principal.isAdmin || token.userID == principal.userID else { return nil }
                // One of a user that is gone works no more, and goes with the next pass.
                guard let owner = directory.account(id: token.userID) else { return nil }
                return OwnedToken(token: token, username: owner.username)
            }
        }
    }

    /// Revokes a token; when this returns, it works nowhere any more.
    ///
    /// - Throws: ``AccountFailure``; ``AccountFailure/notFound`` also for a token of somebody else.
    public func revokeToken(id: String, for principal: Principal) async throws(AccountFailure) -> OwnedToken {
        guard let token = try await tokens(for: principal).first(where: { $0.token.id == id.lowercased() }) else {
            throw .notFound
        }
        try await stored { try await store.deleteCredentials(tokens: [token.token.id], sessions: []) }
        return token
    }
}
