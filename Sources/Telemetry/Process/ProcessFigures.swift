import Glibc

/// What this process takes of the host, as `/proc/self` tells.
public struct ProcessFigures: Sendable, Equatable {
    /// The time that all threads ran, in seconds: in user and in kernel mode.
    public var cpuSeconds: Double
    /// Memory that is present, in bytes.
    public var residentBytes: Int64
    /// Memory that is mapped, in bytes.
    public var virtualBytes: Int64
    /// How many threads there are.
    public var threads: Int
    /// When the process began, in seconds of the epoch; nil: it can't be told.
    public var startedAt: Double?
    /// How many file descriptors are open; nil: it can't be told.
    public var openFiles: Int?
    /// How many may be; nil: it can't be told, or there is no limit.
    public var mostFiles: UInt64?

    /// The figures of now; nil: `/proc` is not there.
    public static func now() -> ProcessFigures? {
        guard let text = read("/proc/self/stat"), let end = text.lastIndex(of: ")") else { return nil }
        // The name in parentheses may hold anything, so the fields are counted from its end: the first is the third.
        let fields = text[end...].dropFirst().split(separator: " ")
        let number = { (position: Int) in
            fields.indices.contains(position - 3) ? Double(fields[position - 3]) : nil
        }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        let page = Double(sysconf(Int32(_SC_PAGESIZE)))
        guard ticks > 0, let user = number(14), let system = number(15), let threads = number(20),
            let began = number(22), let virtual = number(23), let resident = number(24)
        else { return nil }
        return ProcessFigures(
            cpuSeconds: (user + system) / ticks, residentBytes: Int64(resident * page), virtualBytes: Int64(virtual),
            threads: Int(threads), startedAt: bootTime().map { $0 + began / ticks }, openFiles: openFiles(),
            mostFiles: mostFiles())
    }

    /// When the kernel began, in seconds of the epoch.
    private static func bootTime() -> Double? {
        let line = read("/proc/stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }
        return line.flatMap { Double($0.dropFirst(6)) }
    }

    private static func openFiles() -> Int? {
        guard let directory = unsafe opendir("/proc/self/fd") else { return nil }
        defer { unsafe closedir(directory) }
        var count = 0
        while unsafe readdir(directory) != nil { count += 1 }
        // Two names are no descriptors, and one descriptor is that of the directory.
        return max(0, count - 3)
    }

    private static func mostFiles() -> UInt64? {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return limit.rlim_cur == .max ? nil : UInt64(limit.rlim_cur)
    }

    /// The text of a file of `/proc`, which is read until it ends.
    private static func read(_ path: String) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += chunk.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
