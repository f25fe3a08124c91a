import Glibc

/// Small files of the host that other programs leave for everybody to read.
struct HostFiles: Sendable {
    private let root: String

    init(root: String = "") {
        self.root = root
    }

    /// The text of a file, its first 64 KiB; nil where there is none that can be read.
    func text(_ path: String) -> String? {
        // A pipe in place of a file would hold up the pass.
        let number = unsafe open(root + path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else { return nil }
        let file = Descriptor(number)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(file.number, $0.baseAddress, $0.count) }
        return count >= 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }

    /// The lines of a file without surrounding blanks; none where it can't be read.
    func lines(_ path: String) -> [String] {
        (text(path) ?? "").split(separator: "\n").map { line in
            String(line.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
        }
    }

    /// The names in a directory in the order of their bytes; none where it can't be read.
    func names(in directory: String) -> [String] {
        Directory.names(in: root + directory).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
