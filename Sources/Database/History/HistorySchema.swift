import GRDB

/// The schema of the history as a list of migrations. One that was released is never edited.
enum HistorySchema {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 query log") { db in try db.execute(sql: queryLog) }
        return migrator
    }()

    /// Rows are kept in segments of thousands: a name stands once in each, as do clients, rules and upstreams, and a
    /// row is a few bytes of numbers in columns. So a row takes about 25 bytes and no index, nothing but the end of the
    /// file is written, old rows go with one deletion, no name outlives its rows, and a search reads little.
    private static let queryLog = """
        CREATE TABLE query_segment (
            first INTEGER PRIMARY KEY,       -- the id of its first row; ids grow by one
            rows INTEGER NOT NULL,
            hour INTEGER NOT NULL,           -- of all its rows, in hours since 1970-01-01T00:00:00Z
            blocked INTEGER NOT NULL,        -- how many of them were blocked
            askers BLOB NOT NULL,            -- clients with their addresses
            names BLOB NOT NULL,
            details BLOB NOT NULL,           -- rules and upstreams
            columns BLOB NOT NULL            -- the rows
        ) STRICT;

        -- The sums of an hour.
        CREATE TABLE query_hour (
            hour INTEGER PRIMARY KEY,
            total INTEGER NOT NULL,
            blocked INTEGER NOT NULL,
            cached INTEGER NOT NULL,
            names BLOB NOT NULL,
            clients BLOB NOT NULL
        ) STRICT;

        -- Names and clients that sums speak of.
        CREATE TABLE query_text (
            id INTEGER PRIMARY KEY,
            text TEXT NOT NULL UNIQUE
        ) STRICT;

        -- The id of the first row that the sums don't have yet.
        CREATE TABLE query_summed (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            through INTEGER NOT NULL
        ) STRICT;
        INSERT INTO query_summed VALUES (1, 1);
        """
}
