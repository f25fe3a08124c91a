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
                    id: row[0], username: row[1], email: row[2], fullName: row[3], description: row[4],
                    role: try InventoryReader.value(row[5], "user.role"), enabled: row[6], passwordHash: row[7]))
        }
        state.users.sort(by: ProjectedUser.order)
        try InventoryReader.each(db, "SELECT field, value FROM setting") { row in state.settings[row[0]] = row[1] }
        return state
    }
}
