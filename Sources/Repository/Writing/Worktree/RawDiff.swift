/// Reads `git diff-tree -r -z` and `git log --raw -z`: `:<old mode> <new mode> <old> <new> <status>\0<path>\0`.
enum RawDiff {
    /// A file on one side.
    struct Entry: Hashable {
        let blob: ObjectName
        let isExecutable: Bool
    }

    /// Both sides of a path; nil where there is no regular file.
    struct Change {
        let old: Entry?
        let new: Entry?
        /// Whether a side is something else: a link, a submodule.
        let isSpecial: Bool
    }

    /// What changes, by path.
    static func changes(_ output: [UInt8]) -> [[UInt8]: Change] {
        var changes: [[UInt8]: Change] = [:]
        each(output) { path, change in changes[path] = change }
        return changes
    }

    /// All versions of each path over several commits.
    static func versions(_ output: [UInt8]) -> [[UInt8]: Set<Entry?>] {
        var versions: [[UInt8]: Set<Entry?>] = [:]
        each(output) { path, change in versions[path, default: []].formUnion([change.old, change.new]) }
        return versions
    }

    private static func each(_ output: [UInt8], _ body: ([UInt8], Change) -> Void) {
        var fields = output.split(separator: 0)[...]
        while let field = fields.popFirst() {
            // Between commits `git log` leaves a line feed or nothing.
            guard let colon = field.firstIndex(of: UInt8(ascii: ":")), let path = fields.first else { continue }
            let words = field[(colon + 1)...].split(separator: UInt8(ascii: " "))
            guard words.count == 5 else { continue }
            fields.removeFirst()
            let isSpecial = words[..<2].contains { !$0.starts(with: "100".utf8) && !$0.starts(with: "000".utf8) }
            let (old, new) = (entry(words[0], words[2]), entry(words[1], words[3]))
            body(Array(path), Change(old: old, new: new, isSpecial: isSpecial))
        }
    }

    private static func entry(_ mode: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Entry? {
        guard mode.starts(with: "100".utf8), let blob = ObjectName(hexadecimal: name) else { return nil }
        return Entry(blob: blob, isExecutable: mode.elementsEqual("100755".utf8))
    }
}
