extension Schema {
    /// The pins and peers of a checkpoint are in force by its state: one row that changes is one step.
    static let checkpoint = """
        CREATE TABLE checkpoint (
            sequence INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            tried TEXT NOT NULL,
            confirmed TEXT NOT NULL,
            state TEXT NOT NULL,
            begun_at INTEGER NOT NULL,
            window_ms INTEGER NOT NULL,
            deadline INTEGER NOT NULL,
            deadline_uptime_ms INTEGER NOT NULL,
            applied_uptime_ms INTEGER,       -- NULL while the change is being made
            boot_id TEXT NOT NULL,
            message TEXT NOT NULL
        ) STRICT;

        CREATE TABLE checkpoint_pin (
            checkpoint TEXT NOT NULL REFERENCES checkpoint (id) ON DELETE CASCADE,
            digest TEXT NOT NULL,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            record TEXT,                     -- NULL where the change deleted the object
            fields TEXT NOT NULL,            -- field=value, one per line
            PRIMARY KEY (checkpoint, digest)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE checkpoint_out (
            checkpoint TEXT NOT NULL REFERENCES checkpoint (id) ON DELETE CASCADE,
            interface TEXT NOT NULL,
            public_key TEXT NOT NULL,
            PRIMARY KEY (checkpoint, interface, public_key)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE checkpoint_spent (
            checkpoint TEXT NOT NULL REFERENCES checkpoint (id) ON DELETE CASCADE,
            approval TEXT NOT NULL,
            PRIMARY KEY (checkpoint, approval)
        ) STRICT, WITHOUT ROWID;

        -- The last revision that came into force without a window, or was confirmed.
        CREATE TABLE confirmed (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            revision TEXT NOT NULL
        ) STRICT;
        """

    /// A checkpoint of before has no probes, and is confirmed by people alone.
    static let probes = """
        ALTER TABLE checkpoint ADD COLUMN may_lock_out INTEGER NOT NULL DEFAULT 1;

        CREATE TABLE checkpoint_probe (
            checkpoint TEXT NOT NULL REFERENCES checkpoint (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            kind TEXT NOT NULL,
            target TEXT NOT NULL,
            timeout INTEGER NOT NULL,        -- seconds
            state TEXT NOT NULL,
            message TEXT NOT NULL,
            PRIMARY KEY (checkpoint, position)
        ) STRICT, WITHOUT ROWID;
        """
}
