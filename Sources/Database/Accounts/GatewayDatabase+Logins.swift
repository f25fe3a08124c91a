import GRDB
public import Model

/// Who logged in, who tried too often, and the token of the first admin.
extension GatewayDatabase {
    /// How many rows of the login history are kept of a user.
    public static let keptLogins = 200
    /// How many keys of attempts are kept.
    public static let keptAttempts = 10_000

    /// Appends to the login history and drops the user's oldest rows beyond ``keptLogins``.
    public func appendLogin(_ record: LoginRecord) async throws {
        try await write { db in
            try db.execute(
                sql: "INSERT INTO login (at, user_id, address, user_agent, outcome) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    record.at.seconds, record.userID, record.address, record.userAgent, record.outcome.rawValue,
                ])
            try db.execute(
                sql: """
                    DELETE FROM login WHERE user_id = ?1 AND sequence <=
                    (SELECT sequence FROM login WHERE user_id = ?1 ORDER BY sequence DESC LIMIT 1 OFFSET ?2)
                    """,
                arguments: [record.userID, Self.keptLogins])
        }
    }

    /// The login history of a user, newest first.
    public func logins(userID: String) async throws -> [LoginRecord] {
        try await access { db in
            var records: [LoginRecord] = []
            let sql = "SELECT at, address, user_agent, outcome FROM login WHERE user_id = ? ORDER BY sequence DESC"
            try InventoryReader.each(db, sql, [userID]) { row in
                records.append(
                    LoginRecord(
                        at: try row.time(0), userID: userID, address: try row[1], userAgent: try row[2],
                        outcome: try InventoryReader.value(row[3], "login.outcome")))
            }
            return records
        }
    }

    /// The newest logins of all users, newest first.
    public func logins(limit: Int) async throws -> [LoginRecord] {
        try await access { db in
            var records: [LoginRecord] = []
            let sql = "SELECT at, user_id, address, user_agent, outcome FROM login ORDER BY sequence DESC LIMIT ?"
            try InventoryReader.each(db, sql, [max(0, limit)]) { row in
                records.append(
                    LoginRecord(
                        at: try row.time(0), userID: try row[1], address: try row[2],
                        userAgent: try row[3],
                        outcome: try InventoryReader.value(row[4], "login.outcome")))
            }
            return records
        }
    }

    /// What is remembered of attempts.
    public func attempts() async throws -> [AttemptKey: AttemptRecord] {
        try await access { db in
            var records: [AttemptKey: AttemptRecord] = [:]
            let sql = "SELECT what, subject, address, attempts, level, locked_until, violated_at FROM attempt"
            try InventoryReader.each(db, sql) { row in
                let times = try (row[3] as String).split(separator: ",").map { text in
                    guard let seconds = Int64(text) else { throw InventoryReader.damaged("attempt.attempts") }
                    return Timestamp(seconds: seconds)
                }
                records[AttemptKey(what: try row[0], subject: try row[1], address: try row[2])] = AttemptRecord(
                    attempts: times, level: try row[4], lockedUntil: try row.optionalTime(5),
                    violatedAt: try row.optionalTime(6))
            }
            return records
        }
    }

    /// Remembers attempts of some keys; nil forgets a key.
    public func recordAttempts(_ records: [AttemptKey: AttemptRecord?]) async throws {
        guard !records.isEmpty else { return }
        try await write { db in
            for (key, record) in records {
                guard let record else {
                    try db.execute(
                        sql: "DELETE FROM attempt WHERE what = ? AND subject = ? AND address = ?",
                        arguments: [key.what, key.subject, key.address])
                    continue
                }
                try db.execute(
                    sql: "INSERT OR REPLACE INTO attempt VALUES (?, ?, ?, ?, ?, ?, ?)",
                    arguments: [
                        key.what, key.subject, key.address,
                        record.attempts.map { String($0.seconds) }.joined(separator: ","), record.level,
                        record.lockedUntil?.seconds, record.violatedAt?.seconds,
                    ])
            }
        }
    }

    /// The enrolment token, if there is one.
    public func enrolment() async throws -> Enrolment? {
        try await access { db in
            try Row.fetchOne(db, sql: "SELECT digest, until FROM enrolment").map(CheckedRow.init).map { row in
                guard let digest = DigestValue(hexadecimal: try row[0]) else {
                    throw InventoryReader.damaged("enrolment.digest")
                }
                return Enrolment(digest: digest, until: try row.time(1))
            }
        }
    }

    /// Replaces the enrolment token; nil: there is none.
    public func setEnrolment(_ enrolment: Enrolment?) async throws {
        try await write { db in
            try db.execute(sql: "DELETE FROM enrolment")
            guard let enrolment else { return }
            try db.execute(
                sql: "INSERT INTO enrolment VALUES (1, ?, ?)",
                arguments: [enrolment.digest.description, enrolment.until.seconds])
        }
    }

    /// Drops what nobody needs any more: sessions that began before `sessions`, tokens that ended and logins that
    /// happened before `history`.
    public func pruneAccounts(sessions: Timestamp, history: Timestamp) async throws {
        let isDue = try await access { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM session WHERE created_at < ?1)
                    OR EXISTS (SELECT 1 FROM api_token WHERE expires_at < ?2)
                    OR EXISTS (SELECT 1 FROM login WHERE at < ?2)
                    """,
                arguments: [sessions.seconds, history.seconds]) ?? false
        }
        guard isDue else { return }
        try await write { db in
            try db.execute(sql: "DELETE FROM session WHERE created_at < ?", arguments: [sessions.seconds])
            try db.execute(sql: "DELETE FROM api_token WHERE expires_at < ?", arguments: [history.seconds])
            try db.execute(sql: "DELETE FROM login WHERE at < ?", arguments: [history.seconds])
        }
    }
}
