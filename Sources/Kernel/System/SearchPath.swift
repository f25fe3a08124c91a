import Glibc

/// Where programs are looked for: the directories of our own `PATH`, then those of the system, which a service or a
/// `sudo` may have left out.
enum SearchPath {
    /// Absolute directories, each once. A relative one would mean another program in each directory.
    static var directories: [String] {
        let own = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? ""
        let system = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        var seen: Set<Substring> = []
        return "\(own):\(system)".split(separator: ":").filter { $0.hasPrefix("/") && seen.insert($0).inserted }
            .map(String.init)
    }

    /// The value of `PATH` for a program we start.
    static var value: String { directories.joined(separator: ":") }

    /// The file of a program by its name; nil when there is none that may be run.
    static func file(of program: String) -> String? {
        directories.lazy.map { "\($0)/\(program)" }.first { unsafe access($0, X_OK) == 0 }
    }
}
