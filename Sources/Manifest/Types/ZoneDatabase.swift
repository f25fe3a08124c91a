import Glibc
import Model

/// The time zone database of the host.
enum ZoneDatabase {
    static let directory = "/usr/share/zoneinfo"

    /// No file of a zone is larger.
    private static let maximumSize = 65_536

    /// Whether the host has none.
    static var isMissing: Bool { unsafe access(directory, X_OK) != 0 }

    /// The rules of a zone; nil: the database has none of this name.
    static func rules(of name: String) -> TimeZoneRules? {
        guard TimeZoneRules.isName(name) else { return nil }
        if name == TimeZoneRules.utc.name { return .utc }
        return file("\(directory)/\(name)").flatMap { TimeZoneRules(name: name, file: $0) }
    }

    private static func file(_ path: String) -> [UInt8]? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: maximumSize + 1)
        var length = 0
        while length < bytes.count {
            let count = unsafe bytes[length...].withUnsafeMutableBytes {
                unsafe read(file, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            // A directory can't be read.
            guard count >= 0 else { return nil }
            if count == 0 { return Array(bytes.prefix(length)) }
            length += count
        }
        return nil
    }
}
