import Glibc

/// Why git could not do something: one line for people, with what to do where that is known.
struct GitFailure: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// There is no git in `PATH`.
    static func missing(_ directory: String) -> GitFailure {
        GitFailure(
            "git is not installed, and \(directory) is a git repository: install it (`apt-get install git`),"
                + " or name a plain directory with --config")
    }

    /// The meaning of what git wrote to its error output.
    init(errorOutput: [UInt8], directory: String, command: String) {
        let lines = String(decoding: errorOutput, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
        let said = lines.map(Self.readable).joined(separator: "; ")
        if said.contains("dubious ownership") {
            self.init(
                "git refuses \(directory): it belongs to another user than the one who runs this (uid \(geteuid())):"
                    + " run `git config --system --add safe.directory \(OpenFile.realPath(directory) ?? directory)`, or change its owner with `chown -R`"
            )
        } else if lines.contains(where: Self.isFullDisk) {
            self.init("git \(command) failed in \(directory): the disk is full, make room: \(said)")
        } else if said.contains("on the remote side") {
            self.init("git \(command) failed in \(directory): the remote is damaged: \(said)")
        } else if said.contains("corrupt") || said.contains("inflate") || said.contains("bad object") {
            self.init(
                "\(directory) is damaged: \(said): run `git -C \(directory) fsck --full`, and fetch or restore what it names"
            )
        } else if said.contains("not a git repository") {
            self.init(
                "\(directory) has a .git that git does not take for a repository: \(said):"
                    + " repair it, or remove .git to use a plain directory")
        } else {
            self.init("git \(command) failed in \(directory): \(said.isEmpty ? "no message" : said)")
        }
    }

    /// Of this host: what a server says of itself begins with `remote:`.
    private static func isFullDisk(_ line: String) -> Bool {
        let words = ["No space left on device", "Out of diskspace", "Disk quota exceeded"]
        return !line.hasPrefix("remote:") && words.contains { line.contains($0) }
    }

    /// A line without git's prefix, secrets of URLs and characters that drive a terminal.
    private static func readable(_ line: String) -> String {
        var text = line[...]
        for prefix in ["fatal: ", "error: "] where text.hasPrefix(prefix) { text = text.dropFirst(prefix.count) }
        let printable = text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }
        return RemoteURL.redacted(String(String.UnicodeScalarView(printable)))
    }
}
