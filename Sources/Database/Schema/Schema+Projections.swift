extension Schema {
    /// What mirrors the repository. Nothing but ids is unique: a row that somebody else inserted must not keep the
    /// reconciler from writing the right ones beside it and deleting that one.
    static let projections = """
        CREATE TABLE user (
            id TEXT NOT NULL PRIMARY KEY,
            username TEXT NOT NULL,
            email TEXT NOT NULL,
            full_name TEXT NOT NULL,
            description TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('admin', 'user')),
            enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
            password_hash TEXT                -- an Argon2id string; NULL: no login
        ) STRICT, WITHOUT ROWID;

        -- The effective values; without any row, the defaults.
        CREATE TABLE setting (
            field TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
