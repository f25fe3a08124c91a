import Manifest
import Model
import Reconciler
import Synchronization

/// The state that writes are made on: a commit, brought along with each of our own.
struct WriterBase {
    /// The commit; nil in a plain directory.
    private(set) var commit: ObjectName?
    private(set) var tree: ManifestTree
    /// Why the state isn't valid, rendered; nil when it is.
    private(set) var objection: String?
    private let snapshot: RepositorySnapshot
    /// What our commits wrote since.
    private var written: [[UInt8]: GitTreeEntry?] = [:]

    init(_ snapshot: RepositorySnapshot, commit: ObjectName?, contents: ContentSource) {
        self.snapshot = snapshot
        self.commit = commit
        if snapshot.loaded.catalog == nil {
            let problems = snapshot.loaded.problems.filter { $0.severity == .error }.map { problem in
                // In one line: what to do about it follows its colon.
                problem.render().replacing("\n    ", with: ": ")
            }
            let more = problems.count > 3 ? "; and \(problems.count - 3) more" : ""
            objection = problems.prefix(3).joined(separator: "; ") + more
        } else {
            objection = nil
        }
        var names: [String: ContentIdentity] = [:]
        for entry in snapshot.entries { names[String(decoding: entry.path, as: UTF8.self)] = entry.content }
        let known = names
        tree = ManifestTree(files: snapshot.files, dnsSyntax: snapshot.dnsSyntax) { path in
            try contents.bytes(of: path, known[path])
        }
    }

    /// Whether all of it was read as a valid whole: what no write makes right (a symbolic link) is not in it.
    var isWhole: Bool { snapshot.loaded.catalog != nil }

    /// The same after our own commit.
    mutating func advance(to commit: ObjectName?, _ tree: ManifestTree, files: [([UInt8], GitTreeEntry?)]) {
        self.commit = commit
        self.tree = tree
        // What was written was validated as a whole.
        if !files.isEmpty { objection = nil }
        for (path, entry) in files { written[path] = .some(entry) }
    }

    /// What stands at a path of the commit.
    enum Entry {
        case absent
        case file(GitTreeEntry)
        /// Something that is no file, or a file where a folder is needed.
        case obstacle(String)
    }

    func entry(at path: [UInt8]) -> Entry {
        if let known = written[path] { return known.map { .file($0) } ?? .absent }
        guard var folder = snapshot.root.flatMap({ snapshot.folders[$0] }) else { return .absent }
        let parts = path.split(separator: UInt8(ascii: "/"))
        for (number, part) in parts.enumerated() {
            guard let found = folder.first(where: { $0.name.elementsEqual(part) }) else { return .absent }
            let isLast = number == parts.count - 1
            let name = String(decoding: Array(parts[...number].joined(separator: [UInt8(ascii: "/")])), as: UTF8.self)
            switch found.kind {
            case .link: return .obstacle("\(name) is a symbolic link")
            case .submodule: return .obstacle("\(name) is a submodule")
            case .folder where isLast: return .obstacle("\(name) is a folder")
            case .file where !isLast: return .obstacle("\(name) is a file")
            case .file: return .file(found)
            case .folder:
                guard let next = snapshot.folders[found.object] else { return .absent }
                folder = next
            }
        }
        return .absent
    }
}

/// Reads the contents of files of the base when an intent asks for them.
final class ContentSource: Sendable {
    private let git: Git
    private let directory: String
    private let reader = Mutex<Slot>(Slot())

    private struct Slot { var objects: GitObjectReader? }

    init(_ git: Git, directory: String) {
        self.git = git
        self.directory = directory
    }

    func bytes(of path: String, _ identity: ContentIdentity?) throws -> [UInt8] {
        switch identity {
        case .blob(let name):
            guard let bytes = try blobs([name]).first ?? nil else {
                throw GitFailure("\(directory) is damaged: the content of \(path) is missing")
            }
            return bytes
        case .file(let stamp): return try SteadyFile.read(Array(path.utf8), below: directory, expecting: stamp)
        case nil: throw GitFailure("\(path) is not in \(directory)")
        }
    }

    /// The contents of blobs, in order; nil for a missing one.
    func blobs(_ names: [ObjectName]) throws(GitFailure) -> [[UInt8]?] {
        try ask { (objects) throws(GitFailure) in try objects.objects(names).map { $0?.content } }
    }

    /// The commit that a branch names; nil when there is none.
    func commit(_ expression: String) throws(GitFailure) -> ObjectName? {
        try ask { (objects) throws(GitFailure) in try objects.object(Array("\(expression)^{commit}".utf8))?.name }
    }

    var processIdentifier: Int32? { reader.withLock { $0.objects?.processIdentifier } }

    /// Ends the running git.
    func close() { reader.withLock { $0.objects = nil } }

    /// Asks; a git that was killed is started once more.
    private func ask<Answer: Sendable>(
        _ body: (GitObjectReader) throws(GitFailure) -> Answer
    ) throws(GitFailure) -> Answer {
        let result = reader.withLock { slot -> Result<Answer, GitFailure> in
            if let running = slot.objects, let answer = try? body(running) { return .success(answer) }
            do throws(GitFailure) {
                let objects = try GitObjectReader(git, directory: directory)
                let answer = try body(objects)
                slot.objects = objects
                return .success(answer)
            } catch {
                slot.objects = nil
                return .failure(error)
            }
        }
        return try result.get()
    }
}
