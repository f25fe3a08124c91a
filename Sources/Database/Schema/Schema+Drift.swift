extension Schema {
    /// The history of drift. A drift stands once: its fingerprint is unique among those that have not ended.
    static let drift = """
        CREATE TABLE drift (
            id INTEGER PRIMARY KEY,
            object_kind TEXT NOT NULL,
            object_name TEXT NOT NULL,
            peer TEXT,                       -- the stable identifier of a peer
            action TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            first_seen INTEGER NOT NULL,
            last_seen INTEGER NOT NULL,
            count INTEGER NOT NULL,
            healed_at INTEGER,               -- NULL: it stands
            healed_how TEXT CHECK (healed_how IN ('loop', 'apply', 'elsewhere')),
            pass TEXT NOT NULL,
            writer TEXT,                     -- NULL: unknown
            evidence TEXT,
            CHECK ((healed_at IS NULL) = (healed_how IS NULL)),
            CHECK ((writer IS NULL) = (evidence IS NULL))
        ) STRICT;

        CREATE UNIQUE INDEX drift_standing ON drift (fingerprint) WHERE healed_at IS NULL;
        CREATE INDEX drift_fingerprint ON drift (fingerprint, healed_at);
        CREATE INDEX drift_healed ON drift (healed_at, last_seen);

        -- Secrets are masked before they come here.
        CREATE TABLE drift_field (
            drift INTEGER NOT NULL REFERENCES drift (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            field TEXT NOT NULL,
            before TEXT,
            after TEXT,
            PRIMARY KEY (drift, position)
        ) STRICT, WITHOUT ROWID;
        """
}
