import GRDB

/// Why a file is moved aside.
enum UnusableHistory: String, Error {
    case damaged, newer

    init?(_ error: any Error) {
        if let unusable = error as? UnusableHistory {
            self = unusable
        } else if let error = error as? DatabaseError {
            // Those besides the first two: the schema or a value is not what it was made.
            let codes: [ResultCode] = [
                .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH,
                .SQLITE_FORMAT,
            ]
            guard codes.contains(error.resultCode) else { return nil }
            self = .damaged
        } else if error is DamagedHistory || error is RowDecodingError {
            self = .damaged
        } else {
            return nil
        }
    }

    var reason: String {
        switch self {
        case .damaged: "it is damaged"
        case .newer: "a newer version of wirebuddy wrote it"
        }
    }
}
