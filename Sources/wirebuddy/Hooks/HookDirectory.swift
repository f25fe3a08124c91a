import Glibc

/// The programs that run after a pass. They run as root, so only what root alone can change is run.
struct HookDirectory: Sendable {
    /// What is in the directory.
    struct Listing: Sendable, Equatable {
        /// The programs to run, in the order of their names.
        var programs: [String] = []
        /// What is not run, and why; by path.
        var refused: [(path: String, reason: String)] = []

        static func == (a: Self, b: Self) -> Bool {
            a.programs == b.programs && a.refused.map(\.path) == b.refused.map(\.path)
                && a.refused.map(\.reason) == b.refused.map(\.reason)
        }
    }

    /// The directory's path; it may be absent.
    let path: String

    /// Reads the directory. Hidden files and those of editors (`~`) count for nothing.
    func list() -> Listing {
        var listing = Listing()
        guard let directory = unsafe opendir(path) else {
            let error = SystemError(errno)
            if error.code != ENOENT { listing.refused.append((path, "it can't be read: \(error)")) }
            return listing
        }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix("."), !name.hasSuffix("~") { names.append(name) }
        }
        unsafe closedir(directory)
        guard !names.isEmpty else { return listing }
        if let reason = Self.openness(of: path, "the directory") {
            listing.refused.append((path, "nothing in it is run: \(reason)"))
            return listing
        }
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            let file = "\(path)/\(name)"
            if let reason = Self.objection(to: file) {
                listing.refused.append((file, reason))
            } else {
                listing.programs.append(file)
            }
        }
        return listing
    }

    /// Why a file is not run; nil: it is.
    private static func objection(to file: String) -> String? {
        guard let status = status(file) else { return "it can't be looked at: \(SystemError(errno))" }
        guard status.st_mode & S_IFMT == S_IFREG else { return "it is not a regular file" }
        guard status.st_mode & 0o111 != 0 else { return "it is not executable: run `chmod 755 \(file)`" }
        if let reason = openness(of: file, "it") { return reason }
        // Of a link its target counts, and who may put another one in that place.
        let real = FilePath.real(file)
        let directory = real.lastIndex(of: "/").map { String(real[..<$0]) } ?? ""
        return openness(of: directory.isEmpty ? "/" : directory, "the directory of its target")
    }

    /// Who besides root may change it; nil: nobody.
    private static func openness(of path: String, _ what: String) -> String? {
        guard let status = status(path) else { return "\(what) can't be looked at: \(SystemError(errno))" }
        guard status.st_uid == 0 else { return "\(what) belongs to user \(status.st_uid) and not to root" }
        guard status.st_mode & 0o022 == 0 else {
            return "\(what) may be written by others (mode 0\(String(status.st_mode & 0o7777, radix: 8)))"
        }
        return nil
    }

    /// The attributes of what a path leads to.
    private static func status(_ path: String) -> stat? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status : nil
    }
}
