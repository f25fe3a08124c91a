/// Who holds a lock, as it writes itself into the lock file: `PID`, `since`, command and start of the process in ticks
/// (`proc_pid_stat(5)`), one per line.
///
/// The record only informs people. What excludes others is the kernel's lock, which ends with the process; a record
/// that outlived its process is overwritten by the next holder.
struct LockHolder: Hashable {
    let process: Int32
    let since: String
    let command: String
    /// With the id it names a process that is not just any of that number; nil where `/proc` does not tell.
    let start: UInt64?

    init(process: Int32, since: String, command: String, start: UInt64? = nil) {
        self.process = process
        self.start = start
        self.since = since
        // One line each, whatever the command line was.
        self.command = String(command.unicodeScalars.map { $0.value < 0x20 ? " " : Character($0) })
    }

    /// Reads a record; nil when the file is empty or was left half written.
    init?(record: [UInt8]) {
        let lines = String(decoding: record, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard (4...5).contains(lines.count), let process = Int32(lines[0]), lines.last?.isEmpty == true else {
            return nil
        }
        let start = lines.count == 5 ? UInt64(lines[3]) : nil
        self.init(process: process, since: String(lines[1]), command: String(lines[2]), start: start)
    }

    var record: [UInt8] {
        Array("\(process)\n\(since)\n\(command)\n\(start.map { "\($0)\n" } ?? "")".utf8)
    }

    /// `process 4711 (wirebuddy serve) since 2026-01-01T00:00:00Z`.
    var description: String { "process \(process) (\(command)) since \(since)" }
}
