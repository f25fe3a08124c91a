/// Walks the tree of a commit, reading only folders that were not there before.
struct TreeWalk {
    private let objects: GitObjectReader
    private let known: [ObjectName: [GitTreeEntry]]
    private let directory: String
    /// The folders of this tree.
    private(set) var visited: [ObjectName: [GitTreeEntry]] = [:]
    private var found = TreeListing()

    init(objects: GitObjectReader, known: [ObjectName: [GitTreeEntry]], directory: String) {
        self.objects = objects
        self.known = known
        self.directory = directory
    }

    /// What was found, sorted by the bytes of the paths.
    var listing: TreeListing {
        var sorted = found
        sorted.entries.sort { $0.path.lexicographicallyPrecedes($1.path) }
        sorted.refused.sort { $0.path.lexicographicallyPrecedes($1.path) }
        return sorted
    }

    mutating func visit(_ tree: ObjectName, path: [UInt8], depth: Int) throws(GitFailure) {
        guard depth <= TreeListing.deepest else {
            found.refused.append(RefusedEntry(path: path, reason: .tooDeep))
            return
        }
        let entries = try entries(of: tree, path: path)
        visited[tree] = entries
        for entry in entries where !ConfigurationFileName.isHidden(entry.name) {
            let child = path.isEmpty ? entry.name : path + [UInt8(ascii: "/")] + entry.name
            switch entry.kind {
            case .folder: try visit(entry.object, path: child, depth: depth + 1)
            case .link: found.refused.append(RefusedEntry(path: child, reason: .link))
            case .submodule: found.refused.append(RefusedEntry(path: child, reason: .submodule))
            case .file:
                if ConfigurationFileName.isConfiguration(entry.name) {
                    found.entries.append(TreeEntry(path: child, content: .blob(entry.object)))
                }
            }
        }
    }

    private func entries(of tree: ObjectName, path: [UInt8]) throws(GitFailure) -> [GitTreeEntry] {
        if let entries = visited[tree] ?? known[tree] { return entries }
        guard let object = try objects.object(tree.hexadecimal), object.type == "tree",
            let entries = GitTree.entries(object.content, nameLength: tree.count)
        else {
            let folder = path.isEmpty ? "its top folder" : "folder \(String(decoding: path, as: UTF8.self))"
            throw GitFailure(
                "\(directory) is damaged: \(folder) can't be read: run `git -C \(directory) fsck --full`,"
                    + " and fetch or restore what it names")
        }
        return entries
    }
}
