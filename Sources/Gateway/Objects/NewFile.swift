import Manifest
import Model

/// Where the file of a new object goes, and how it begins.
enum NewFile {
    /// `peers/<interface>/<dns_name>.yaml`; with a number where another object has that file.
    static func peer(interface: String, label: String, in tree: ManifestTree) -> String {
        free("peers/\(interface)/\(label)", in: tree)
    }

    /// `interfaces/<name>.yaml`.
    static func interface(_ name: String, in tree: ManifestTree) -> String { free("interfaces/\(name)", in: tree) }

    /// `users/<username>.yaml`.
    static func user(_ name: String, in tree: ManifestTree) -> String { free("users/\(name)", in: tree) }

    /// `dns/settings.yaml`.
    static func dnsSettings(in tree: ManifestTree) -> String { free("dns/settings", in: tree) }

    /// `dns/lists/<name>.yaml`.
    static func blocklist(_ name: String, in tree: ManifestTree) -> String { free("dns/lists/\(name)", in: tree) }

    /// `access/<name>.yaml`.
    static func access(_ name: String, in tree: ManifestTree) -> String { free("access/\(name)", in: tree) }

    /// `forwards/<name>.yaml`.
    static func forward(_ name: String, in tree: ManifestTree) -> String { free("forwards/\(name)", in: tree) }

    /// `approvals/<name>.yaml`.
    static func approval(_ name: String, in tree: ManifestTree) -> String { free("approvals/\(name)", in: tree) }

    /// The file that rules are added to unless somebody names another one: they stand in one document.
    static let dnsRules = "dns/rules.yaml"

    static func free(_ stem: String, in tree: ManifestTree) -> String {
        var path = "\(stem).yaml"
        var number = 2
        while tree.file(at: path) != nil {
            path = "\(stem)-\(number).yaml"
            number += 1
        }
        return path
    }

    private static let mark = "# yaml-language-server: $schema="

    /// The line that tells editors the schema, where the repository's other files have one: as in the file at `sibling`.
    static func modeline(kind: String, for path: String, like sibling: String?, in tree: ManifestTree) -> String? {
        guard let sibling, let bytes = try? tree.bytes(of: sibling) else { return nil }
        let lines = bytes.prefix(4096).split(separator: UInt8(ascii: "\n"), maxSplits: 16)
        guard let line = lines.first(where: { $0.starts(with: mark.utf8) }) else { return nil }
        let text = String(decoding: line.dropFirst(mark.utf8.count).filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
        guard !text.contains("://"), !text.hasPrefix("/") else { return nil }
        // From the sibling's folder to the schemas', then back from ours.
        var folder = sibling.split(separator: "/").dropLast().map(String.init)
        var schema = text.split(separator: "/").map(String.init)
        while schema.first == ".." {
            guard folder.popLast() != nil else { return nil }
            schema.removeFirst()
        }
        guard schema.popLast() != nil else { return nil }
        let up = path.split(separator: "/").dropLast().map { _ in ".." }
        return mark + (up + folder + schema + ["\(kind.lowercased()).schema.json"]).joined(separator: "/")
    }
}
