import Glibc

/// The environment of the process, read only.
enum Environment {
    /// The value of a variable, or nil when it is not set.
    static subscript(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// The file a program name stands for: itself with a slash in it, else the first executable of that name in `PATH`.
    static func program(_ name: String) -> String? {
        if name.utf8.contains(UInt8(ascii: "/")) { return unsafe access(name, X_OK) == 0 ? name : nil }
        let path =
            (Self["PATH"] ?? "").split(separator: ":").map(String.init)
        return path.lazy.map { "\($0)/\(name)" }.first { unsafe access($0, X_OK) == 0 }
    }
}
