import Dispatch

/// A folder to watch, and which of its changes matter.
struct WatchTarget: Hashable {
    enum Filter: Hashable {
        /// Only the entry of this name: a directory that may come, go or be replaced.
        case name(String)
        /// The files of a git directory that say where branches stand.
        case gitDirectory
        /// Loose references.
        case references
        /// Configuration files and folders.
        case files
    }

    /// How long nothing more must come before changes are told.
    enum Quiet: Comparable {
        /// A reference is moved in one step; another one often moves right after it.
        case references
        /// An editor or a copy writes one file after the other.
        case files

        var interval: DispatchTimeInterval { self == .references ? .milliseconds(20) : .milliseconds(100) }
    }

    let path: String
    let filter: Filter

    /// How long nothing more must come here.
    var quiet: Quiet {
        switch filter {
        case .gitDirectory, .references: .references
        case .name, .files: .files
        }
    }

    /// Whether a change of the entry `name` may move the desired state.
    func concerns(_ name: [UInt8], isFolder: Bool) -> Bool {
        switch filter {
        case .name(let wanted): name.elementsEqual(wanted.utf8)
        case .gitDirectory: ["HEAD", "packed-refs", "refs", "reftable"].contains(String(decoding: name, as: UTF8.self))
        case .references: !name.suffix(5).elementsEqual(".lock".utf8)
        case .files:
            name.elementsEqual(".git".utf8)
                || !ConfigurationFileName.isHidden(name) && (isFolder || ConfigurationFileName.isConfiguration(name))
        }
    }

    /// What is to be watched for a configuration directory as it is now.
    static func targets(of directory: String, branch: String) -> [WatchTarget] {
        let (parent, name) = split(directory)
        // The directory itself may come, go or be replaced.
        var targets = [WatchTarget(path: parent, filter: .name(name))]
        switch try? Place.find(directory) {
        case .worktree:
            targets.append(WatchTarget(path: directory, filter: .name(".git")))
            targets += git(GitDirectories(of: directory, isBare: false), branch: branch)
        case .bare: targets += git(GitDirectories(of: directory, isBare: true), branch: branch)
        case .directory:
            let folders = (try? DirectoryScan.list(directory).folders.map(\.path)) ?? [[]]
            targets += folders.map { folder in
                let below = folder.isEmpty ? "" : "/" + String(decoding: folder, as: UTF8.self)
                return WatchTarget(path: directory + below, filter: .files)
            }
        case nil: break
        }
        return targets
    }

    private static func git(_ directories: GitDirectories, branch: String) -> [WatchTarget] {
        let common = directories.common
        var targets = Set([directories.own, common]).map { WatchTarget(path: $0, filter: .gitDirectory) }
        var folder = "\(common)/refs/heads"
        targets.append(WatchTarget(path: folder, filter: .references))
        for part in branch.split(separator: "/").dropLast() {
            folder += "/\(part)"
            targets.append(WatchTarget(path: folder, filter: .references))
        }
        targets.append(WatchTarget(path: "\(common)/reftable", filter: .references))
        return targets
    }

    private static func split(_ path: String) -> (parent: String, name: String) {
        var path = path[...]
        while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        guard let slash = path.lastIndex(of: "/") else { return (".", String(path)) }
        return (slash == path.startIndex ? "/" : String(path[..<slash]), String(path[path.index(after: slash)...]))
    }
}
