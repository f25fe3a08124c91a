import GRDB
public import Model
public import Reconciler
import Synchronization

extension GatewayDatabase: Projections {
    /// The rows as they are now, from memory unless another process wrote.
    public func projected() async throws -> ProjectedState {
        try await access { db in
            let version = try Int.fetchOne(db, sql: "PRAGMA data_version") ?? 0
            if let cached = self.projections.withLock({ $0 }), cached.version == version { return cached.state }
            var read: ProjectedState?
            // One transaction, so that all tables are of one moment.
            try db.inTransaction(.deferred) {
                read = try ProjectionReader.read(db)
                return .commit
            }
            // A write between the two has moved the version: it is read again next time.
            if let read { self.projections.withLock { $0 = CachedProjections(version: version, state: read) } }
            return read ?? ProjectedState()
        }
    }

    /// Writes the row of a user, and ends what he may no longer use.
    public func project(_ user: ProjectedUser) async throws {
        try await changeProjections { db in
            let before = try Row.fetchOne(
                db, sql: "SELECT enabled, password_hash FROM user WHERE id = ?", arguments: [user.id])
            try db.execute(
                sql: """
                    INSERT INTO user (id, username, email, full_name, description, role, enabled, password_hash)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (id) DO UPDATE SET username = excluded.username, email = excluded.email,
                        full_name = excluded.full_name, description = excluded.description, role = excluded.role,
                        enabled = excluded.enabled, password_hash = excluded.password_hash
                    """,
                arguments: [
                    user.id, user.username, user.email, user.fullName, user.description, user.role.rawValue,
                    user.enabled, user.passwordHash,
                ])
            let isOtherPassword = before.map { $0["password_hash"] as String? != user.passwordHash } ?? false
            if isOtherPassword || !user.enabled { try UserAccess.endSessions(of: user.id, db) }
            if !user.enabled { try UserAccess.removeTokens(of: user.id, db) }
        }
        try noteCredentialChange()
    }

    /// Deletes the row of a user, with his sessions and tokens.
    public func removeUser(id: String) async throws {
        try await changeProjections { db in
            try UserAccess.endSessions(of: id, db)
            try UserAccess.removeTokens(of: id, db)
            try db.execute(sql: "DELETE FROM user WHERE id = ?", arguments: [id])
        }
        try noteCredentialChange()
    }

    /// Replaces the rows of the API's settings.
    public func project(settings: [String: String]) async throws {
        try await changeProjections { db in
            try db.execute(sql: "DELETE FROM setting")
            for (field, value) in settings.sorted(by: { $0.key < $1.key }) {
                try db.execute(sql: "INSERT INTO setting VALUES (?, ?)", arguments: [field, value])
            }
        }
    }

    /// Writes, and forgets what was read before.
    func changeProjections(_ body: @escaping @Sendable (Database) throws -> Void) async throws {
        try await write { db in
            // Inside, so that nobody reads what was right before; also when the write fails.
            self.projections.withLock { $0 = nil }
            try body(db)
        }
    }
}

/// What was read of the projected tables.
struct CachedProjections {
    /// The value of `PRAGMA data_version` before it was read.
    var version: Int
    var state: ProjectedState
}
