import Glibc

/// Names of files.
enum FilePath {
    /// The absolute name without links; of what does not exist as far as it does.
    static func real(_ path: String) -> String {
        if let resolved = unsafe realpath(path, nil) {
            defer { unsafe free(resolved) }
            return unsafe String(cString: resolved)
        }
        let parts = path.split(separator: "/")
        guard let last = parts.last else { return path }
        let parent = parts.dropLast().joined(separator: "/")
        let above = path.hasPrefix("/") ? "/\(parent)" : parent.isEmpty ? "." : parent
        guard above != path else { return path }
        let real = real(above)
        return real == "/" ? "/\(last)" : "\(real)/\(last)"
    }
}
