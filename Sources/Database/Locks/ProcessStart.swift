import Glibc

/// When a process started, in ticks since boot (`proc_pid_stat(5)`, field 22).
enum ProcessStart {
    static func ticks(of process: Int32) -> UInt64? {
        guard let file = try? OpenFile("/proc/\(process)/stat", O_RDONLY), let bytes = try? file.contents(limit: 4096),
            // The name in parentheses may hold anything.
            let end = bytes.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 19 else { return nil }
        return UInt64(String(decoding: fields[19], as: UTF8.self))
    }
}
