import Gateway
import Glibc

extension SystemFacts {
    /// What this process uses now.
    ///
    /// - Parameter state: the state directory, where the databases stand.
    static func observed(state: String) -> SystemFacts {
        var facts = SystemFacts(databases: databases(state))
        // The name of the program may hold anything; the fields stand behind its last parenthesis.
        let fields = SmallFile.text("/proc/self/stat")?.split(separator: ")").last?.split(separator: " ") ?? []
        let ticks = Int64(sysconf(CInt(_SC_CLK_TCK)))
        guard fields.count > 21, ticks > 0, let user = Int64(fields[11]), let system = Int64(fields[12]),
            let start = Int64(fields[19]), let pages = Int64(fields[21])
        else { return facts }
        facts.processorCentiseconds = (user + system) * 100 / ticks
        facts.residentBytes = pages * Int64(sysconf(CInt(_SC_PAGESIZE)))
        let uptime = SmallFile.text("/proc/uptime")?.split(separator: ".").first.flatMap { Int64($0) }
        facts.uptimeSeconds = uptime.map { max(0, $0 - start / ticks) } ?? 0
        return facts
    }

    private static func databases(_ state: String) -> [Database] {
        ["wirebuddy", "history", "telemetry"].compactMap { name in
            let sizes = ["", "-wal", "-shm"].compactMap { size("\(state)/\(name).db\($0)") }
            return sizes.isEmpty ? nil : Database(name: name, bytes: sizes.reduce(0, +))
        }
    }

    /// The length of a file; nil: there is none.
    private static func size(_ path: String) -> Int64? {
        var found = stat()
        guard unsafe stat(path, &found) == 0 else { return nil }
        return Int64(found.st_size)
    }
}
