-- The state database as the first version made it: its only migration, which is never edited, and some rows.
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES ('1 inventory');

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

INSERT INTO revocation VALUES ('mOP0ZzFqZzTxUkvZ0sRLqPDyTHAyEVDZi1Zdv8qXZ0s=', 4102444800, 'anna');
INSERT INTO event VALUES (1, 1767312000, 'p1', 'controller', NULL, NULL, 'the loop began');
INSERT INTO suspension VALUES (1, 'from before', NULL);
