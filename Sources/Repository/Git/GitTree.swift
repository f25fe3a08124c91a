/// An entry of a git tree object.
struct GitTreeEntry: Sendable {
    /// What an entry is (`git-fast-import(1)` lists the modes).
    enum Kind: Sendable {
        case file
        case folder
        case link
        case submodule
    }

    let kind: Kind
    let name: [UInt8]
    let object: ObjectName
    /// Whether a file may be executed.
    var isExecutable = false
}

/// Reads the content of a tree object: `<mode in octal> <name>\0<bytes of the object's name>`, repeated.
enum GitTree {
    /// The entries; nil for content that is not a tree.
    static func entries(_ content: [UInt8], nameLength: Int) -> [GitTreeEntry]? {
        var entries: [GitTreeEntry] = []
        var rest = content[...]
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: UInt8(ascii: " ")), let kind = kind(mode: rest[..<space]),
                let end = rest[space...].firstIndex(of: 0), end > space + 1, rest.endIndex - end > nameLength,
                let object = ObjectName(bytes: rest[(end + 1)...(end + nameLength)])
            else { return nil }
            let isExecutable = rest[..<space].elementsEqual("100755".utf8)
            entries.append(
                GitTreeEntry(
                    kind: kind, name: Array(rest[(space + 1)..<end]), object: object, isExecutable: isExecutable))
            rest = rest[(end + nameLength + 1)...]
        }
        return entries
    }

    private static func kind(mode: ArraySlice<UInt8>) -> GitTreeEntry.Kind? {
        var value = 0
        for digit in mode {
            guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit), value < 0o1000000 else { return nil }
            value = value * 8 + Int(digit - UInt8(ascii: "0"))
        }
        switch value & 0o170000 {
        case 0o100000: return .file
        case 0o040000: return .folder
        case 0o120000: return .link
        case 0o160000: return .submodule
        default: return nil
        }
    }
}
