import Glibc
import Manifest
import Model

/// Writes to a plain directory: files replaced one by one, each at once, without history.
final class DirectoryTarget: WriteTarget {
    let place = Place.directory
    private let directory: String
    private let contents: ContentSource
    private let owner: FileOwner?
    /// For everything half done; hidden, so that nobody reads it.
    private let folder: String

    init(directory: String, git: Git) {
        self.directory = directory
        contents = ContentSource(git, directory: directory)
        owner = FileOwner(of: directory)
        folder = "\(directory)/.wirebuddy-writing"
    }

    func write(
        _ requests: [WriteRequest], in repository: ConfigurationRepository, publisher: (any CommitPublisher)?
    ) async throws(WriteFailure) -> [Result<WriteReceipt, WriteFailure>] {
        if let failure = FileOperation.objectionToWriting(directory) {
            throw .readOnly(
                "\(directory) can't be written: \(failure.reason): run this as its owner, or change its owner")
        }
        let lock = try WriteLock(directory, isDirectory: true)
        defer { _ = lock }
        clear()
        var refused: [Int: WriteFailure] = [:]
        let now = requests.map(\.now).max() ?? Timestamp(seconds: 0)
        for attempt in 1... {
            let before = try await snapshot(of: repository, now: now)
            let base = WriterBase(before, commit: nil, contents: contents)
            var plan = BatchPlan(requests, on: base, look: look)
            try await plan.run(refused: refused)
            let failures = plan.failures
            var touched: [Int: [String]] = [:]
            for commit in plan.commits { touched[commit.number] = commit.change.files.map(\.path) }
            if !plan.commits.isEmpty, let changed = try replace(plan, on: base) {
                // Somebody edited one of the files since it was read: all is planned again.
                if attempt < Self.attempts { continue }
                for (number, paths) in touched where paths.contains(changed) {
                    refused[number] = .conflict("\(changed) was edited meanwhile: try again")
                }
                continue
            }
            let after = plan.commits.isEmpty ? before : try await snapshot(of: repository, now: now)
            return requests.indices.map { number in
                if let failure = failures[number] { return .failure(failure) }
                return .success(
                    WriteReceipt(revision: after.loaded.id, isUnchanged: touched[number] == nil, remote: .none))
            }
        }
        throw .failed("\(directory) can't be written")
    }

    /// How often a batch is planned again because files were edited meanwhile.
    private static let attempts = 3

    private func snapshot(
        of repository: ConfigurationRepository, now: Timestamp
    ) async throws(WriteFailure) -> RepositorySnapshot {
        do {
            return try await repository.snapshot(of: nil, now: now)
        } catch {
            throw WriteFailure(error)
        }
    }

    private var look: BatchPlan.Look {
        let directory = directory
        return BatchPlan.Look(
            content: { (path) throws(WriteFailure) in
                guard (try? OpenFile.status(of: "\(directory)/\(path)", followingLinks: false)) ?? nil != nil else {
                    return nil
                }
                do throws(DirectoryFailure) {
                    return try SteadyFile.read(Array(path.utf8), below: directory)
                } catch {
                    throw .unreadable("\(directory)/\(path) can't be read: \(error.reason)")
                }
            },
            objection: { path in
                var present = ""
                let parts = path.split(separator: "/")
                for (number, part) in parts.enumerated() {
                    present += "/\(part)"
                    guard let status = try? OpenFile.status(of: directory + present, followingLinks: false) else {
                        return nil
                    }
                    let isLast = number == parts.count - 1
                    guard isLast ? status.isRegular : status.isDirectory else {
                        return
                            "is not a plain file: \(present.dropFirst()) is \(status.isLink ? "a symbolic link" : "something else")"
                    }
                }
                return nil
            },
            dirty: { (_) throws(WriteFailure) in [] })
    }

    /// Replaces the files; what others depend on comes first, and what is deleted goes last, so that a crash leaves
    /// nothing deleted that was only meant to move. Returns a file that somebody edited meanwhile; no file is replaced
    /// after it.
    private func replace(_ plan: BatchPlan, on base: WriterBase) throws(WriteFailure) -> String? {
        var last: [String: FileChange] = [:]
        for file in plan.commits.flatMap(\.change.files) { last[file.path] = file }
        let order = last.values.sorted { first, second in
            let (left, right) = (rank(first, in: plan.tree), rank(second, in: plan.tree))
            return left == right ? first.path.utf8.lexicographicallyPrecedes(second.path.utf8) : left < right
        }
        defer { clear() }
        do throws(FileFailure) {
            _ = try FileOperation.makeFolder(folder, mode: 0o700)
            let root = try OpenFile(Array(directory.utf8), O_RDONLY | O_DIRECTORY)
            let staging = try OpenFile(Array(folder.utf8), O_RDONLY | O_DIRECTORY)
            var replacements: [(FileChange, FileReplacement)] = []
            for (number, file) in order.enumerated() {
                if let content = file.content {
                    try NewFile.write(content, to: "\(folder)/new-\(number)", isDurable: true, owner: owner)
                }
                let path = Array(file.path.utf8)
                let old: [UInt8]?
                do {
                    old = try base.content(of: file.path, look)
                } catch {
                    return file.path
                }
                let replacement = FileReplacement(path: path, old: [old], new: file.content, isExecutable: false)
                guard try replacement.isClean(below: root) else { return file.path }
                replacements.append((file, replacement))
            }
            for (number, (file, replacement)) in replacements.enumerated() {
                let outcome = try replacement.install(
                    Array("new-\(number)".utf8), in: staging, below: root, owner: owner)
                guard outcome == .done else { return file.path }
                if let folder = try FolderPath.open(below: root, of: replacement.path, making: false, owner: nil) {
                    fsync(folder.descriptor)
                }
            }
            return nil
        } catch {
            throw .failed("\(directory) can't be written: \(error.reason)")
        }
    }

    private func rank(_ file: FileChange, in tree: ManifestTree) -> Int {
        guard file.content != nil else { return 2 }
        let kinds = tree.file(at: file.path)?.declarations.map(\.identity.kind) ?? []
        return kinds.contains { $0 != "Peer" } ? 0 : 1
    }

    private func clear() {
        guard FileOperation.exists(folder) else { return }
        for name in (try? FolderNames.list(folder)) ?? [] { FileOperation.remove("\(folder)/\(name)") }
        FileOperation.removeFolder(folder)
    }

    var processes: [Int32] { [] }

    func rest() async {}

    func close() { contents.close() }
}

extension WriterBase {
    /// The content that the plan was made with.
    fileprivate func content(of path: String, _ look: BatchPlan.Look) throws -> [UInt8]? {
        ConfigurationFileName.isConfiguration(path.utf8) ? try tree.bytes(of: path) : try look.content(path)
    }
}
