import GRDB

/// The schema of the telemetry as a list of migrations. One that was released is never edited.
enum TelemetrySchema {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 traffic and flows") { db in
            try db.execute(sql: traffic)
            try db.execute(sql: flows)
        }
        return migrator
    }()

    /// A sample is one row, however many moved, and only those that moved take room in it. Sums by the hour and day lie
    /// together by subject, so that the year of a peer is read in one piece.
    private static let traffic = """
        CREATE TABLE telemetry_subject (
            id INTEGER PRIMARY KEY,
            kind INTEGER NOT NULL,           -- 0: a peer, 1: an interface
            name TEXT NOT NULL,
            UNIQUE (kind, name)
        ) STRICT;

        CREATE TABLE traffic_sample (
            id INTEGER PRIMARY KEY,          -- grows by one; the clock may jump back
            time INTEGER NOT NULL,
            seconds INTEGER NOT NULL,
            entries BLOB NOT NULL
        ) STRICT;

        CREATE TABLE traffic_hour (
            subject INTEGER NOT NULL,
            bucket INTEGER NOT NULL,         -- hours since 1970-01-01T00:00:00Z
            received INTEGER NOT NULL,
            sent INTEGER NOT NULL,
            peak_received INTEGER NOT NULL,
            peak_sent INTEGER NOT NULL,
            connected INTEGER NOT NULL,
            PRIMARY KEY (subject, bucket)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE traffic_day (
            subject INTEGER NOT NULL,
            bucket INTEGER NOT NULL,         -- days since 1970-01-01
            received INTEGER NOT NULL,
            sent INTEGER NOT NULL,
            peak_received INTEGER NOT NULL,
            peak_sent INTEGER NOT NULL,
            connected INTEGER NOT NULL,
            PRIMARY KEY (subject, bucket)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE traffic_state (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            through INTEGER NOT NULL,        -- the first sample that the sums don't have yet
            baselines BLOB NOT NULL,         -- as of that sample
            first_hour INTEGER,              -- what is kept begins with it; null: nothing is
            first_day INTEGER
        ) STRICT;
        INSERT INTO traffic_state VALUES (1, 1, x'', NULL, NULL);
        """

    /// The sums of an hour or a day are one row: (peer, place, bytes), packed.
    private static let flows = """
        CREATE TABLE flow_place (
            id INTEGER PRIMARY KEY,
            kind INTEGER NOT NULL,           -- 0: known, 1: private, 2: unknown
            country TEXT NOT NULL,           -- empty: the databases don't say
            asn INTEGER NOT NULL,            -- -1: the databases don't say
            UNIQUE (kind, country, asn)
        ) STRICT;

        CREATE TABLE flow_country (code TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE flow_system (asn INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;

        CREATE TABLE flow_hour (
            bucket INTEGER PRIMARY KEY,
            is_open INTEGER NOT NULL,        -- 1: its day does not have it yet
            sums BLOB NOT NULL
        ) STRICT;
        CREATE INDEX flow_open ON flow_hour (bucket) WHERE is_open;
        CREATE TABLE flow_day (bucket INTEGER PRIMARY KEY, sums BLOB NOT NULL) STRICT;

        CREATE TABLE flow_state (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            stored INTEGER NOT NULL,         -- how often sums were stored
            deleted_hour INTEGER             -- hours before it were deleted; null: none were
        ) STRICT;
        INSERT INTO flow_state VALUES (1, 0, NULL);
        """
}
