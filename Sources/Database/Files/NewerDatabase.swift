import GRDB

/// A state database that a newer version of this program wrote: it is refused, and not changed in any way.
enum NewerDatabase {
    /// - Throws: ``DatabaseFailure`` that names the version which wrote the file, as far as it says so.
    static func refuse(_ db: Database, path: String) throws {
        guard try Schema.migrator.hasBeenSuperseded(db) else { return }
        // Its tables are whatever that version made of them.
        let writer = try? String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = '\(programKey)'")
        let unknown = try String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations ORDER BY rowid")
            .filter { !Schema.migrator.migrations.contains($0) }
        let version = writer.map { "a newer version of wirebuddy (\($0))" } ?? "a newer version of wirebuddy"
        throw DatabaseFailure(
            "database \(path) was written by \(version) (unknown here: \(unknown.joined(separator: ", "))) and is not"
                + " changed: upgrade this program to that version, or restore a backup of before into another state"
                + " directory (`wirebuddy restore FILE --state DIR`)")
    }

    /// Looks at a file without changing anything of it.
    ///
    /// - Throws: ``DatabaseFailure``, or what SQLite says.
    static func refuse(path: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.read { db in try refuse(db, path: path) }
        try queue.close()
    }

    /// Where the version that opened the file last is written.
    static let programKey = "program_version"
}
