import GRDB
import Model
public import Reconciler

extension GatewayDatabase {
    /// Writes and deletes rows of the DNS forwarder's policy.
    public func project(dns difference: DNSDifference) async throws {
        guard !difference.isEmpty else { return }
        try await changeProjections { db in
            if let settings = difference.settings { try Self.replace(settings, db) }
            try Self.write(difference.writtenBlocklists, removing: difference.removedBlocklists, db)
            try Self.write(difference.writtenRules, removing: difference.removedRules, db)
        }
    }

    private static func replace(_ settings: [String: String], _ db: Database) throws {
        try db.execute(sql: "DELETE FROM dns_setting")
        let insert = try db.cachedStatement(sql: "INSERT INTO dns_setting VALUES (?, ?)")
        for (field, value) in settings.sorted(by: { $0.key < $1.key }) {
            try insert.execute(arguments: [field, value])
        }
    }

    private static func write(_ rows: [ProjectedBlocklist], removing names: [String], _ db: Database) throws {
        let delete = try db.cachedStatement(sql: "DELETE FROM blocklist WHERE name = ?")
        for name in names { try delete.execute(arguments: [name]) }
        let write = try db.cachedStatement(sql: "INSERT OR REPLACE INTO blocklist VALUES (?, ?, ?, ?, ?, ?, ?)")
        for row in rows {
            try write.execute(arguments: [
                row.name, row.url, row.file, row.format.rawValue, row.enabled, row.refresh, row.sha256,
            ])
        }
    }

    private static func write(_ rows: [ProjectedDNSRule], removing gone: [ProjectedDNSRule], _ db: Database) throws {
        let delete = try db.cachedStatement(sql: "DELETE FROM dns_rule WHERE id = ?")
        for row in gone { try delete.execute(arguments: [row.id]) }
        let write = try db.cachedStatement(sql: "INSERT OR REPLACE INTO dns_rule VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        for row in rows {
            try write.execute(arguments: [
                row.id, row.action?.rawValue, row.domain, row.client, row.answer, row.expiresAt?.seconds, row.comment,
                row.text,
            ])
        }
    }
}
