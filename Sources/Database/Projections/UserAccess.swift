import GRDB

/// What belongs to a user besides his row, and ends with his access.
enum UserAccess {
    static func endSessions(of user: String, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM session WHERE user_id = ?", arguments: [user])
    }

    static func removeTokens(of user: String, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM api_token WHERE user_id = ?", arguments: [user])
    }
}
