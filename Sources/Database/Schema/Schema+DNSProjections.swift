extension Schema {
    /// What mirrors the policy of the DNS forwarder. Where a rule stands in the repository is not kept: a line more above
    /// it would change every row.
    static let dnsProjections = """
        CREATE TABLE dns_rule (
            id TEXT NOT NULL PRIMARY KEY,
            action TEXT CHECK (action IN ('block', 'allow', 'rewrite')),  -- NULL: a line of an adblock block
            domain TEXT NOT NULL,
            client TEXT,                     -- NULL: everybody
            answer TEXT,
            expires_at INTEGER,              -- NULL: never
            comment TEXT NOT NULL,
            text TEXT NOT NULL               -- what it does, or the line
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE blocklist (
            name TEXT NOT NULL PRIMARY KEY,
            url TEXT,
            file TEXT,
            format TEXT NOT NULL CHECK (format IN ('hosts', 'domains', 'wildcard_domains', 'adblock')),
            enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
            refresh INTEGER NOT NULL,        -- seconds
            sha256 TEXT,
            CHECK ((url IS NULL) <> (file IS NULL))
        ) STRICT, WITHOUT ROWID;

        -- The effective values; without any row there is no forwarder.
        CREATE TABLE dns_setting (
            field TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
