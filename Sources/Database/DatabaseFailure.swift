import GRDB

/// Why the database can't be used: which file, what happened, what to do. One line, for people.
public struct DatabaseFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The message.
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    /// The message for what SQLite or the reading of a row reported.
    init(_ error: any Error, path: String) {
        switch error {
        case let failure as DatabaseFailure: self = failure
        case let error as DatabaseError: self.init(error, path: path)
        default: self.init("database \(path): \(error)")
        }
    }

    private init(_ error: DatabaseError, path: String) {
        let what =
            switch error.resultCode {
            case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
                "can't be opened: the file and its directory must be readable and writable:"
                    + " run as root, or choose another state directory with --state"
            case .SQLITE_READONLY where error.extendedResultCode == .SQLITE_READONLY_DBMOVED:
                "was removed or replaced while it was open: restart this program"
            case .SQLITE_READONLY:
                "can't be written: the file or its file system is read-only: make it writable,"
                    + " or choose another state directory with --state"
            case .SQLITE_FULL:
                "can't be written: the disk is full: make room and try again; nothing was changed"
            case .SQLITE_IOERR:
                "can't be read or written (\(error.message ?? "input/output error"), code"
                    + " \(error.extendedResultCode.rawValue)): check that its disk is healthy and has room"
            case .SQLITE_CORRUPT, .SQLITE_NOTADB:
                "is damaged: restore it from a backup, or move it away to begin with an empty inventory"
                    + " (interfaces that are up then need --adopt)"
            case .SQLITE_BUSY, .SQLITE_LOCKED:
                "is locked by another process for more than 5 s: try again; `fuser -v \(path)` names the process"
            default:
                "failed: \(error.message ?? "no message") (SQLite code \(error.extendedResultCode.rawValue))"
            }
        self.init("database \(path) \(what)")
    }
}
