import Glibc

/// The folder of a file, opened step by step from the root without following links, so that no link that somebody puts
/// in its place leads out of it.
enum FolderPath {
    /// Opens the folder of `path`; nil when a folder on the way is missing and must not be made.
    static func open(
        below root: borrowing OpenFile, of path: [UInt8], making isMaking: Bool, owner: FileOwner?
    ) throws(FileFailure) -> OpenFile? {
        let parts = path.split(separator: UInt8(ascii: "/")).dropLast().map(Array.init)
        var folder = try OpenFile(in: root.descriptor, [UInt8(ascii: ".")], O_RDONLY | O_DIRECTORY)
        for part in parts {
            do throws(FileFailure) {
                folder = try OpenFile(in: folder.descriptor, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            } catch {
                guard error.code == ENOENT else { throw error }
                guard isMaking else { return nil }
                let name = part.map(CChar.init(bitPattern:)) + [0]
                guard unsafe mkdirat(folder.descriptor, name, 0o755) == 0 || errno == EEXIST else { throw .last }
                folder = try OpenFile(in: folder.descriptor, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
                owner?.take(folder)
            }
        }
        return folder
    }

    /// The last part of a path.
    static func name(of path: [UInt8]) -> [UInt8] {
        path.split(separator: UInt8(ascii: "/")).last.map(Array.init) ?? []
    }

    /// Removes the folders of a path that are empty, from the innermost on.
    static func removeEmpty(below root: borrowing OpenFile, of path: [UInt8]) {
        var parts = path.split(separator: UInt8(ascii: "/")).dropLast()
        while !parts.isEmpty {
            let name = Array(parts.joined(separator: [UInt8(ascii: "/")])).map(CChar.init(bitPattern:)) + [0]
            guard unsafe unlinkat(root.descriptor, name, AT_REMOVEDIR) == 0 else { return }
            parts = parts.dropLast()
        }
    }
}
