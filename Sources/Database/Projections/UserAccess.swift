import GRDB

/// What belongs to a user besides his row, and ends with his access.
enum UserAccess {
    static func endSessions(of user: String, _ db: Database) throws {
    }

    static func removeTokens(of user: String, _ db: Database) throws {
    }
}
