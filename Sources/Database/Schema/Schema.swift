import GRDB

/// The schema as a list of migrations. One that was released is never edited: a change is a new migration.
enum Schema {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 inventory") { db in try db.execute(sql: inventory) }
        migrator.registerMigration("2 peers") { db in try db.execute(sql: peers) }
        migrator.registerMigration("3 projections") { db in try db.execute(sql: projections) }
        migrator.registerMigration("4 accounts") { db in try db.execute(sql: accounts) }
        migrator.registerMigration("5 idempotency") { db in try db.execute(sql: idempotency) }
        migrator.registerMigration("6 filtering pauses") { db in try db.execute(sql: filteringPauses) }
        migrator.registerMigration("7 dns projections") { db in try db.execute(sql: dnsProjections) }
        migrator.registerMigration("8 checkpoint") { db in try db.execute(sql: checkpoint) }
        migrator.registerMigration("9 drift") { db in try db.execute(sql: drift) }
        migrator.registerMigration("10 probes") { db in try db.execute(sql: probes) }
        return migrator
    }()

    /// Digests and names only: what was asked and answered is kept nowhere.
    private static let idempotency = """
        CREATE TABLE idempotency (
            key TEXT NOT NULL PRIMARY KEY,
            request TEXT NOT NULL,
            status INTEGER NOT NULL,
            object TEXT NOT NULL,
            revision TEXT NOT NULL,
            at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX idempotency_at ON idempotency (at, key);
        """

    private static let filteringPauses = """
        CREATE TABLE filtering_pause (
            client TEXT NOT NULL PRIMARY KEY, -- interface/name; empty: everybody
            until INTEGER NOT NULL,
            author TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    private static let peers = """
        CREATE TABLE peer (
            interface TEXT NOT NULL,
            public_key TEXT NOT NULL,
            id TEXT NOT NULL,
            addresses TEXT NOT NULL,         -- separated by commas
            PRIMARY KEY (interface, public_key)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE released_address (
            interface TEXT NOT NULL,
            address TEXT NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (interface, address)
        ) STRICT, WITHOUT ROWID;

        ALTER TABLE event ADD COLUMN peer TEXT;
        CREATE INDEX event_peer ON event (peer) WHERE peer IS NOT NULL;
        """

    /// Keys are written in the base64 form of `wg` and addresses as text, so that `sqlite3` shows what an admin knows.
    private static let inventory = """
        CREATE TABLE interface (
            name TEXT NOT NULL PRIMARY KEY,
            origin TEXT NOT NULL,
            boot_id TEXT NOT NULL,
            namespace INTEGER NOT NULL,
            link_index INTEGER,              -- NULL while only the intent is recorded
            implementation TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE applied (
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            digest TEXT NOT NULL,
            PRIMARY KEY (kind, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE firewall (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            policy_digest TEXT NOT NULL,
            listing_digest TEXT NOT NULL
        ) STRICT;

        CREATE TABLE sysctl (
            path TEXT NOT NULL PRIMARY KEY,
            prior TEXT NOT NULL,
            written TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE endpoint (
            interface TEXT NOT NULL,
            public_key TEXT NOT NULL,
            address TEXT NOT NULL,
            port INTEGER NOT NULL,
            PRIMARY KEY (interface, public_key)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE expired (
            interface TEXT NOT NULL,
            public_key TEXT NOT NULL,
            expires_at INTEGER NOT NULL,
            PRIMARY KEY (interface, public_key)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE revocation (
            public_key TEXT NOT NULL PRIMARY KEY,
            until INTEGER NOT NULL,
            author TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE approval (
            digest TEXT NOT NULL PRIMARY KEY,
            at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE suspension (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            reason TEXT NOT NULL,
            until INTEGER
        ) STRICT;

        CREATE TABLE revision (
            sequence INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            status TEXT NOT NULL,
            message TEXT NOT NULL,
            at INTEGER NOT NULL
        ) STRICT;

        -- The revision that was last applied without failure, kept when its own row changes to `failed` later.
        CREATE TABLE last_applied (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            revision TEXT NOT NULL,
            message TEXT NOT NULL,
            at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE condition (
            position INTEGER PRIMARY KEY,
            object_kind TEXT,
            object_name TEXT,
            kind TEXT NOT NULL,
            holds INTEGER NOT NULL,
            message TEXT NOT NULL,
            since INTEGER NOT NULL,
            CHECK ((object_kind IS NULL) = (object_name IS NULL))
        ) STRICT;

        CREATE TABLE event (
            sequence INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            pass TEXT NOT NULL,
            kind TEXT NOT NULL,
            object_kind TEXT,
            object_name TEXT,
            message TEXT NOT NULL,
            CHECK ((object_kind IS NULL) = (object_name IS NULL))
        ) STRICT;

        CREATE TABLE meta (
            key TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
