import GRDB

/// The pages of a file of history.
struct HistorySize {
    /// Pages that one step gives back to the file system.
    static let step = 512

    private let page: Int64
    /// All pages.
    let pages: Int64
    /// Those that nothing is in.
    let free: Int64

    init(_ db: Database) throws {
        page = try Int64.fetchOne(db.cachedStatement(sql: "PRAGMA page_size")) ?? 4096
        pages = try Int64.fetchOne(db.cachedStatement(sql: "PRAGMA page_count")) ?? 0
        free = try Int64.fetchOne(db.cachedStatement(sql: "PRAGMA freelist_count")) ?? 0
    }

    /// The bytes of all pages.
    var total: Int64 { page * pages }

    /// The bytes of those that something is in.
    var used: Int64 { page * (pages - free) }

    /// How much the write-ahead log may grow before it is copied into the file, and stays when it was.
    static func walBytes(maxSize: Int64) -> Int64 { max(64 << 10, min(4 << 20, maxSize / 64)) }

    /// Bounds the write-ahead log.
    static func limitLog(maxSize: Int64, _ db: Database) throws {
        let bytes = walBytes(maxSize: maxSize)
        try db.execute(sql: "PRAGMA wal_autocheckpoint = \(bytes / 4096)")
        try db.execute(sql: "PRAGMA journal_size_limit = \(bytes)")
    }

    /// Gives free pages back to the file system.
    static func shrink(_ db: Database) throws {
        // The pragma gives back a page each time it is stepped.
        let rows = try Row.fetchCursor(db, sql: "PRAGMA incremental_vacuum(\(step))")
        while try rows.next() != nil {}
    }
}
