import GRDB
import Model

/// Reads the projected tables.
enum ProjectionReader {
    static func read(_ db: Database) throws -> ProjectedState {
        var state = ProjectedState()
        let users =
            "SELECT id, username, email, full_name, description, role, enabled, password_hash FROM user"
        try InventoryReader.each(db, users) { row in
            state.users.append(
                ProjectedUser(
                    id: try row[0], username: try row[1], email: try row[2], fullName: try row[3],
                    description: try row[4], role: try InventoryReader.value(row[5], "user.role"),
                    enabled: try row[6], passwordHash: try row[7]))
        }
        state.users.sort(by: ProjectedUser.order)
        try InventoryReader.each(db, "SELECT field, value FROM setting") { row in
            state.settings[try row[0]] = try row[1] as String
        }
        state.dns = try dns(db)
        return state
    }

    private static func dns(_ db: Database) throws -> ProjectedDNS {
        var dns = ProjectedDNS()
        try InventoryReader.each(db, "SELECT field, value FROM dns_setting") { row in
            dns.settings[try row[0]] = try row[1] as String
        }
        // SQLite compares text by its bytes: this is the order of the rows.
        let blocklists =
            "SELECT name, url, file, format, enabled, refresh, sha256 FROM blocklist ORDER BY name"
        try InventoryReader.each(db, blocklists) { row in
            dns.blocklists.append(
                ProjectedBlocklist(
                    name: try row[0], url: try row[1], file: try row[2],
                    format: try InventoryReader.value(row[3], "blocklist.format"), enabled: try row[4],
                    refresh: try row[5], sha256: try row[6]))
        }
        let rules =
            "SELECT id, action, domain, client, answer, expires_at, comment, text FROM dns_rule ORDER BY id"
        try InventoryReader.each(db, rules) { row in
            dns.rules.append(
                ProjectedDNSRule(
                    id: try row[0],
                    action: try (row[1] as String?).map { try InventoryReader.value($0, "dns_rule.action") },
                    domain: try row[2], client: try row[3], answer: try row[4],
                    expiresAt: try row.optionalTime(5), comment: try row[6],
                    text: try row[7]))
        }
        return dns
    }
}
