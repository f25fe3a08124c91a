import Manifest
import Model
import Reconciler

/// What a batch of writes comes to on one base: which of them become commits, and what the others are answered.
struct BatchPlan {
    /// A write that becomes a commit.
    struct Commit {
        /// Its number in the batch.
        let number: Int
        let change: TreeChange
    }

    private(set) var commits: [Commit] = []
    /// The tree after all of them.
    private(set) var tree: ManifestTree
    /// What that tree declares; nil where it is the base.
    private(set) var validated: Validated?
    /// Those that change nothing.
    private(set) var unchanged: Set<Int> = []
    private(set) var failures: [Int: WriteFailure] = [:]

    private let requests: [WriteRequest]
    private let base: WriterBase
    private let look: Look

    /// What was found of a tree that can be committed.
    struct Validated {
        let result: LoadResult
        let catalog: Catalog
    }

    /// What the place where it is written to says about files.
    struct Look {
        /// The content of a file of the base that is no configuration; nil if there is none.
        let content: (String) throws(WriteFailure) -> [UInt8]?
        /// Why something can't be written to a path; nil when it can.
        let objection: (String) -> String?
        /// The paths in which a person has uncommitted work.
        let dirty: ([FileChange]) async throws(WriteFailure) -> [String]
    }

    init(_ requests: [WriteRequest], on base: WriterBase, look: Look) {
        self.requests = requests
        self.base = base
        self.look = look
        tree = base.tree
    }

    /// Plans the batch as one if that works, else one by one, so that only those fail that are wrong.
    ///
    /// - Parameter refused: Those that failed already, and are not tried again.
    mutating func run(refused: [Int: WriteFailure]) async throws(WriteFailure) {
        failures = refused
        if let objection = base.objection {
            for (number, request) in requests.enumerated() where !request.mayRepair && failures[number] == nil {
                failures[number] = .conflict(
                    "the configuration at \(base.commit?.description ?? "present") is not valid, correct it first: \(objection)"
                )
            }
        }
        let refused = failures
        let numbers = requests.indices.filter { refused[$0] == nil }
        guard numbers.count > 1 else {
            for number in numbers { try await takeOne(number) }
            return
        }
        if try await takeAll(numbers) { return }
        (commits, unchanged, failures, tree, validated) = ([], [], refused, base.tree, nil)
        for number in numbers { try await takeOne(number) }
    }

    /// Takes all at once; false when something is wrong with the result.
    private mutating func takeAll(_ numbers: [Int]) async throws(WriteFailure) -> Bool {
        for number in numbers {
            do throws(WriteFailure) {
                guard let change = try change(requests[number].intent, on: tree) else {
                    unchanged.insert(number)
                    continue
                }
                tree.apply(configuration: change)
                commits.append(Commit(number: number, change: change))
            } catch {
                failures[number] = error
            }
        }
        guard let last = commits.last else { return true }
        // An intent may have been refused, or have found nothing to do, only because of another write of the batch.
        guard try await look.dirty(commits.flatMap(\.change.files)).isEmpty else { return false }
        do throws(WriteFailure) {
            let check = commits.lazy.compactMap { [requests] in requests[$0.number].check }.last
            validated = try await validate(tree, now: requests[last.number].now, check)
            return true
        } catch {
            return false
        }
    }

    private mutating func takeOne(_ number: Int) async throws(WriteFailure) {
        do throws(WriteFailure) {
            guard let change = try change(requests[number].intent, on: tree) else {
                unchanged.insert(number)
                return
            }
            let dirty = try await look.dirty(change.files)
            guard dirty.isEmpty else { throw .dirty(paths: dirty) }
            var candidate = tree
            candidate.apply(configuration: change)
            validated = try await validate(candidate, now: requests[number].now, requests[number].check)
            tree = candidate
            commits.append(Commit(number: number, change: change))
        } catch {
            failures[number] = error
        }
    }

    private func validate(
        _ tree: ManifestTree, now: Timestamp, _ check: WriteRequest.Check?
    ) async throws(WriteFailure) -> Validated {
        let result = tree.result(now: now, completion: .writeBack)
        guard let catalog = result.catalog else {
            throw .invalid(problems: result.problems.filter { $0.severity == .error }.map { $0.render() })
        }
        let validated = Validated(result: result, catalog: catalog)
        guard let check else { return validated }
        let candidate = DesiredRevision(
            id: "candidate", catalog: catalog, warnings: result.problems.map { $0.render() }, origin: "a write")
        do {
            try await check(candidate)
        } catch {
            throw .refused(error)
        }
        return validated
    }

    /// What an intent changes on a tree; nil for nothing.
    private func change(_ intent: WriteRequest.Intent, on tree: ManifestTree) throws(WriteFailure) -> TreeChange? {
        let wanted: TreeChange?
        do {
            wanted = try intent(tree)
        } catch let failure as WriteFailure {
            throw failure
        } catch {
            throw .refused(error)
        }
        guard var change = wanted else { return nil }
        guard Set(change.files.map(\.path)).count == change.files.count else {
            throw .failed("\(change.subject): a file is changed twice")
        }
        for file in change.files {
            if let objection = TargetPath.objection(to: file.path) ?? look.objection(file.path) ?? obstacle(file, tree)
            {
                throw .failed("\(String(reflecting: file.path)) can't be written: it \(objection)")
            }
        }
        var files: [FileChange] = []
        for file in change.files where try content(of: file.path, in: tree) != file.content { files.append(file) }
        change.files = files
        return files.isEmpty ? nil : change
    }

    private func content(of path: String, in tree: ManifestTree) throws(WriteFailure) -> [UInt8]? {
        do {
            if ConfigurationFileName.isConfiguration(path.utf8) { return try tree.bytes(of: path) }
        } catch {
            throw .unreadable("\(error)")
        }
        // Of what is no configuration only the base is known; a batch doesn't write the same one twice.
        return try look.content(path)
    }

    /// What stands in the way in the tree itself, written by this batch perhaps.
    private func obstacle(_ file: FileChange, _ tree: ManifestTree) -> String? {
        guard file.content != nil else { return nil }
        var above = ""
        for part in file.path.split(separator: "/").dropLast() {
            above += above.isEmpty ? part : "/\(part)"
            if tree.file(at: above) != nil { return "lies below \(above), which is a file" }
        }
        return tree.holdsFolder(file.path) ? "is a folder" : nil
    }
}

extension ManifestTree {
    /// Makes the changes of configuration files.
    fileprivate mutating func apply(configuration change: TreeChange) {
        for file in change.files where ConfigurationFileName.isConfiguration(file.path.utf8) {
            replace(path: file.path, bytes: file.content)
        }
    }

    /// Whether files lie below a path.
    fileprivate func holdsFolder(_ path: String) -> Bool {
        let prefix = Array("\(path)/".utf8)
        var low = 0
        var high = paths.count
        while low < high {
            let middle = (low + high) / 2
            if paths[middle].utf8.lexicographicallyPrecedes(prefix) { low = middle + 1 } else { high = middle }
        }
        return low < paths.count && paths[low].utf8.starts(with: prefix)
    }
}
