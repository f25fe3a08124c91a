import Database
import Foundation
import Model
import Testing

/// Tokens, sessions and logins survive restarts, and every process sees the changes of others.
@Suite struct AccountTests {
    let directory: TemporaryDirectory
    let database: GatewayDatabase

    init() throws {
        directory = try TemporaryDirectory()
        database = try GatewayDatabase.open(state: directory.path)
    }

    private func digest(_ number: UInt8) -> DigestValue { DigestValue(bytes: [UInt8](repeating: number, count: 32)) }

    private func token(_ number: UInt8, user: String = "u1") throws -> APIToken {
        APIToken(
            id: "t\(number)", digest: digest(number), name: "name \(number)", userID: user, permission: .read,
            allowsSecrets: true, allowedIPs: [try #require(Prefix("203.0.113.0/24")), try #require(Prefix("fd00::1"))],
            createdAt: Sample.now, expiresAt: Sample.now.advanced(bySeconds: 60))
    }

    private func session(_ number: UInt8, user: String = "u1") -> LoginSession {
        LoginSession(
            id: "s\(number)", digest: digest(number), userID: user, password: digest(7), createdAt: Sample.now,
            lastSeenAt: Sample.now)
    }

    @Test func credentialsComeBackAsStored() async throws {
        let (token, session) = (try token(1), session(2))
        try await database.insertToken(token)
        try await database.insertSession(session)
        let again = try await GatewayDatabase.open(state: directory.path).credentials()
        #expect(again.tokens == [token] && again.sessions == [session])
        let file = try Data(contentsOf: URL(fileURLWithPath: "\(directory.path)/wirebuddy.db.accounts"))
        #expect(file.count == 8)
        #expect(try directory.mode(of: "wirebuddy.db.accounts") == 0o600)
    }

    @Test func anotherProcessSeesEachChange() async throws {
        let other = try GatewayDatabase.open(state: directory.path)
        var seen: Set<UInt64> = [try other.credentialGeneration()]
        try await database.insertToken(try token(1))
        seen.insert(try other.credentialGeneration())
        try await database.insertSession(session(2))
        seen.insert(try other.credentialGeneration())
        try await database.deleteCredentials(tokens: ["t1"], sessions: [])
        seen.insert(try other.credentialGeneration())
        #expect(seen.count == 4)
        #expect(try database.credentialGeneration() == other.credentialGeneration())
        // Use changes no rights.
        let before = try database.credentialGeneration()
        try await database.recordUse(tokens: [:], sessions: ["s2": Sample.now.advanced(bySeconds: 5)])
        #expect(try database.credentialGeneration() == before)
        #expect(try await other.credentials().sessions.first?.lastSeenAt == Sample.now.advanced(bySeconds: 5))
    }

    @Test func attemptsAndEnrolmentComeBack() async throws {
        let key = AttemptKey(what: "login", subject: "alice", address: "192.0.2.1")
        let record = AttemptRecord(
            attempts: [Sample.now, Sample.now.advanced(bySeconds: 3)], level: 2,
            lockedUntil: Sample.now.advanced(bySeconds: 300), violatedAt: Sample.now)
        try await database.recordAttempts([key: record])
        try await database.setEnrolment(Enrolment(digest: digest(9), until: Sample.now))
        let again = try GatewayDatabase.open(state: directory.path)
        #expect(try await again.attempts() == [key: record])
        #expect(try await again.enrolment() == Enrolment(digest: digest(9), until: Sample.now))
        try await again.recordAttempts([key: nil])
        try await again.setEnrolment(nil)
        #expect(try await database.attempts().isEmpty)
        #expect(try await database.enrolment() == nil)
    }

    @Test func historyIsBoundedAndOldRowsGo() async throws {
        for number in 0..<(GatewayDatabase.keptLogins + 5) {
            try await database.appendLogin(
                LoginRecord(
                    at: Sample.now.advanced(bySeconds: Int64(number)), userID: "u1", address: "192.0.2.1",
                    userAgent: "curl", outcome: .failure))
        }
        let rows = try await database.logins(userID: "u1")
        #expect(rows.count == GatewayDatabase.keptLogins)
        #expect(rows.first?.at == Sample.now.advanced(bySeconds: Int64(GatewayDatabase.keptLogins + 4)))
        let other = LoginRecord(
            at: Sample.now, userID: "u2", address: "", userAgent: "", outcome: .success)
        try await database.appendLogin(other)
        #expect(try await database.logins(limit: 2) == [other, try #require(rows.first)])
        try await database.insertToken(try token(1))
        try await database.insertSession(session(2))
        try await database.pruneAccounts(sessions: Sample.now, history: Sample.now)
        #expect(try await database.credentials().tokens.count == 1)
        #expect(try await database.credentials().sessions.count == 1)
        let later = Sample.now.advanced(bySeconds: 100_000)
        try await database.pruneAccounts(sessions: later, history: later)
        #expect(try await database.credentials().tokens.isEmpty)
        #expect(try await database.credentials().sessions.isEmpty)
        #expect(try await database.logins(userID: "u1").isEmpty)
    }

    /// What the reconciler does to a row of a user decides at once what he may still use.
    @Test func disabledUsersLoseSessionsAndTokens() async throws {
        var user = ProjectedUser(id: "u1", username: "alice", passwordHash: "h1")
        try await database.project(user)
        for id in ["u1", "u2"] {
            try await database.insertToken(try token(id == "u1" ? 1 : 2, user: id))
            try await database.insertSession(session(id == "u1" ? 3 : 4, user: id))
        }
        let before = try database.credentialGeneration()
        user.passwordHash = "h2"
        try await database.project(user)
        var left = try await database.credentials()
        #expect(left.tokens.map(\.id) == ["t1", "t2"] && left.sessions.map(\.id) == ["s4"])
        #expect(try database.credentialGeneration() != before)
        user.enabled = false
        try await database.project(user)
        left = try await database.credentials()
        #expect(left.tokens.map(\.id) == ["t2"] && left.sessions.map(\.id) == ["s4"])
        try await database.project(ProjectedUser(id: "u2", username: "bob"))
        try await database.removeUser(id: "u2")
        left = try await database.credentials()
        #expect(left.tokens.isEmpty && left.sessions.isEmpty)
    }
}
