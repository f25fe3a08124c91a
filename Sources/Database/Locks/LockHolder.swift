/// Who holds a lock, as it writes itself into the lock file: `PID`, `since` and command, one per line.
///
/// The record only informs people. What excludes others is the kernel's lock, which ends with the process; a record
/// that outlived its process is overwritten by the next holder.
struct LockHolder: Hashable {
    let process: Int32
    let since: String
    let command: String

    init(process: Int32, since: String, command: String) {
        self.process = process
        self.since = since
        // One line each, whatever the command line was.
        self.command = String(command.unicodeScalars.map { $0.value < 0x20 ? " " : Character($0) })
    }

    /// Reads a record; nil when the file is empty or was left half written.
    init?(record: [UInt8]) {
        let lines = String(decoding: record, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 4, let process = Int32(lines[0]), lines[3].isEmpty else { return nil }
        self.init(process: process, since: String(lines[1]), command: String(lines[2]))
    }

    var record: [UInt8] { Array("\(process)\n\(since)\n\(command)\n".utf8) }

    /// `process 4711 (wirebuddy serve) since 2026-01-01T00:00:00Z`.
    var description: String { "process \(process) (\(command)) since \(since)" }
}
