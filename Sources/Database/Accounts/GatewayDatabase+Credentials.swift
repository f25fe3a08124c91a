import GRDB
public import Model

/// Tokens and sessions. Each change also changes ``credentialGeneration()``, for every process.
extension GatewayDatabase {
    /// A number that differs after every change of tokens or sessions. Cheap enough for every request.
    public func credentialGeneration() throws -> UInt64 {
        do {
            return try accountMark.value()
        } catch {
            throw DatabaseFailure("\(path).accounts can't be read: \(error.reason)")
        }
    }

    /// All tokens and sessions.
    public func credentials() async throws -> StoredCredentials {
        try await access { db in
            var stored = StoredCredentials()
            let tokens = """
                SELECT id, digest, name, user_id, permission, allow_secrets, allowed_ips, created_at, expires_at,
                last_used_at, last_used_from FROM api_token ORDER BY created_at, id
                """
            try InventoryReader.each(db, tokens) { row in
                let prefixes = try (row[6] as String).split(separator: ",").map { text in
                    guard let prefix = Prefix(String(text)) else {
                        throw InventoryReader.damaged("api_token.allowed_ips \"\(text)\"")
                    }
                    return prefix
                }
                stored.tokens.append(
                    APIToken(
                        id: try row[0], digest: try Self.digest(row[1], "api_token.digest"), name: try row[2],
                        userID: try row[3], permission: try InventoryReader.value(row[4], "api_token.permission"),
                        allowsSecrets: try row[5],
                        allowedIPs: prefixes, createdAt: try row.time(7),
                        expiresAt: try row.optionalTime(8),
                        lastUsedAt: try row.optionalTime(9),
                        lastUsedFrom: try (row[10] as String?).map {
                            try InventoryReader.address($0, "api_token.last_used_from")
                        }))
            }
            let sessions = "SELECT id, digest, user_id, password, created_at, last_seen_at FROM session"
            try InventoryReader.each(db, sessions) { row in
                stored.sessions.append(
                    LoginSession(
                        id: try row[0], digest: try Self.digest(row[1], "session.digest"), userID: try row[2],
                        password: try Self.digest(row[3], "session.password"), createdAt: try row.time(4),
                        lastSeenAt: try row.time(5)))
            }
            return stored
        }
    }

    /// Stores a new token.
    public func insertToken(_ token: APIToken) async throws {
        try await changeCredentials { db in
            try db.execute(
                sql: "INSERT INTO api_token VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    token.id, token.digest.description, token.name, token.userID, token.permission.rawValue,
                    token.allowsSecrets, token.allowedIPs.map(\.description).joined(separator: ","),
                    token.createdAt.seconds, token.expiresAt?.seconds, token.lastUsedAt?.seconds,
                    token.lastUsedFrom?.description,
                ])
        }
    }

    /// Stores a new session.
    public func insertSession(_ session: LoginSession) async throws {
        try await changeCredentials { db in
            try db.execute(
                sql: "INSERT INTO session VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    session.id, session.digest.description, session.userID, session.password.description,
                    session.createdAt.seconds, session.lastSeenAt.seconds,
                ])
        }
    }

    /// Removes tokens and sessions by their ids.
    public func deleteCredentials(tokens: [String], sessions: [String]) async throws {
        guard !tokens.isEmpty || !sessions.isEmpty else { return }
        try await changeCredentials { db in
            for id in tokens { try db.execute(sql: "DELETE FROM api_token WHERE id = ?", arguments: [id]) }
            for id in sessions { try db.execute(sql: "DELETE FROM session WHERE id = ?", arguments: [id]) }
        }
    }

    /// Writes when tokens and sessions were last used, by their ids. That changes no rights, so no generation.
    public func recordUse(tokens: [String: TokenUse], sessions: [String: Timestamp]) async throws {
        guard !tokens.isEmpty || !sessions.isEmpty else { return }
        try await write { db in
            for (id, use) in tokens {
                try db.execute(
                    sql: "UPDATE api_token SET last_used_at = ?, last_used_from = ? WHERE id = ?",
                    arguments: [use.at.seconds, use.from?.description, id])
            }
            for (id, at) in sessions {
                try db.execute(sql: "UPDATE session SET last_seen_at = ? WHERE id = ?", arguments: [at.seconds, id])
            }
        }
    }

    private func changeCredentials(_ body: @escaping @Sendable (Database) throws -> Void) async throws {
        try await write(body)
        try noteCredentialChange()
    }

    /// Tells all processes that tokens or sessions were changed. Called when the change is on disk.
    func noteCredentialChange() throws {
        do {
            try accountMark.change()
        } catch {
            throw DatabaseFailure(
                "tokens or sessions were changed, but \(path).accounts can't be written: \(error.reason):"
                    + " restart the daemon, so that it sees the change")
        }
    }

    private static func digest(_ text: String, _ column: String) throws -> DigestValue {
        guard let digest = DigestValue(hexadecimal: text) else { throw InventoryReader.damaged(column) }
        return digest
    }
}
