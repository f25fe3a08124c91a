extension Schema {
    /// Tokens, sessions and logins: runtime data, never declared. Of secrets there are only digests, in hexadecimal.
    static let accounts = """
        CREATE TABLE api_token (
            id TEXT NOT NULL PRIMARY KEY,
            digest TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            user_id TEXT NOT NULL,
            permission TEXT NOT NULL,
            allow_secrets INTEGER NOT NULL,
            allowed_ips TEXT NOT NULL,       -- separated by commas; empty: from anywhere
            created_at INTEGER NOT NULL,
            expires_at INTEGER,              -- NULL: never
            last_used_at INTEGER,
            last_used_from TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX api_token_user ON api_token (user_id);

        CREATE TABLE session (
            id TEXT NOT NULL PRIMARY KEY,
            digest TEXT NOT NULL UNIQUE,
            user_id TEXT NOT NULL,
            password TEXT NOT NULL,          -- the digest of the hash that the password had at the login
            created_at INTEGER NOT NULL,
            last_seen_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE login (
            sequence INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            user_id TEXT NOT NULL,
            address TEXT NOT NULL,
            user_agent TEXT NOT NULL,
            outcome TEXT NOT NULL
        ) STRICT;
        CREATE INDEX login_user ON login (user_id, sequence);

        CREATE TABLE attempt (
            what TEXT NOT NULL,
            subject TEXT NOT NULL,
            address TEXT NOT NULL,
            attempts TEXT NOT NULL,          -- seconds since 1970, separated by commas
            level INTEGER NOT NULL,
            locked_until INTEGER,
            violated_at INTEGER,
            PRIMARY KEY (what, subject, address)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE enrolment (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            digest TEXT NOT NULL,
            until INTEGER NOT NULL
        ) STRICT;
        """
}
