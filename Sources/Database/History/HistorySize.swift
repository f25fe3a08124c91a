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

    /// Gives free pages back to the file system.
    static func shrink(_ db: Database) throws {
        // The pragma gives back a page each time it is stepped.
        let rows = try Row.fetchCursor(db, sql: "PRAGMA incremental_vacuum(\(step))")
        while try rows.next() != nil {}
    }
}
