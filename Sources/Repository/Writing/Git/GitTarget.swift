import Glibc
import Manifest
import Model
import Reconciler

/// Writes to a git repository: a chain of commits, one step of the branch, one look at the worktree.
final class GitTarget: WriteTarget {
    let place: Place
    let git: Git
    let directory: String
    let branch: String
    private let directories: GitDirectories
    private let owner: FileOwner?
    let worktree: WorktreeFiles?
    let rejectedPush: RejectedPush?
    let contents: ContentSource
    private let mover: BranchMover
    var stream: CommitStream?
    private var packing: Packing
    private var base: WriterBase?
    /// Whether what a crash left was looked for.
    private var isRecovered = false
    private var commitsSinceRest = 0

    /// How often a batch is made again because the branch moved meanwhile.
    private static let attempts = 20
    /// How many commits the journal of the worktree spans at most.
    private static let longestBurst = 2_000

    init(_ git: Git, directory: String, branch: String, place: Place) {
        self.git = git
        // git changes its directory, so that a relative path would mean something else to it.
        let directory = OpenFile.realPath(directory) ?? directory
        self.directory = directory
        self.branch = branch
        self.place = place
        let isBare = if case .bare = place { true } else { false }
        let directories = GitDirectories(of: directory, isBare: isBare)
        self.directories = directories
        owner = FileOwner(of: directory)
        worktree = isBare ? nil : WorktreeFiles(git, directory: directory, directories, owner: owner)
        rejectedPush = isBare ? nil : RejectedPush(git, directory: directory, directories)
        contents = ContentSource(git, directory: directory)
        mover = BranchMover(git, directory: directory, branch: branch)
        packing = Packing(git, directory: directory, objects: "\(directories.common)/objects")
    }

    deinit { tidy() }

    // MARK: Writing

    func write(
        _ requests: [WriteRequest], in repository: ConfigurationRepository, publisher: (any CommitPublisher)?
    ) async throws(WriteFailure) -> [Result<WriteReceipt, WriteFailure>] {
        let lock = try takeLock()
        defer { _ = lock }
        var round = Round(requests: requests)
        for attempt in 0..<Self.attempts {
            if attempt > 0 { try? await Task.sleep(for: .milliseconds(Int.random(in: 5...40 * min(attempt, 5)))) }
            switch try await attemptWrite(&round, in: repository, publisher) {
            case .done(let head, let remote):
                owner?.takeGitFiles(directories, branch: branch)
                return round.results(revision: head, remote)
            case .elsewhere: continue
            case .rejected:
                // The intents are run again on what others pushed.
                try await publisher?.catchUp { (old, new) async throws(WriteFailure) in
                    try await self.step(from: old, to: new)
                }
            }
        }
        throw .conflict("branch \(branch) of \(directory) keeps moving: try again")
    }

    /// Moves the branch to a commit that exists, and the files of the worktree with it.
    func moveBranch(from old: ObjectName, to new: ObjectName) async throws(WriteFailure) {
        let lock = try takeLock()
        defer { _ = lock }
        try await step(from: old, to: new)
    }

    private func step(from old: ObjectName, to new: ObjectName) async throws(WriteFailure) {
        let checkout = try checkout()
        try await recover(old, isHere: checkout.isHere)
        _ = try await reclaim(old, isHere: checkout.isHere)
        let files = checkout.isHere ? worktree : nil
        let changes = try await self.changes(files, from: old, to: new)
        switch try await move(files, changes, from: old, to: new, nil) {
        case .moved, .rejected: owner?.takeGitFiles(directories, branch: branch)
        case .elsewhere: throw .conflict("branch \(branch) of \(directory) was moved meanwhile: try again")
        case .dirty(let paths): throw .dirty(paths: paths)
        }
    }

    func changes(
        _ files: WorktreeFiles?, from old: ObjectName, to new: ObjectName
    ) async throws(WriteFailure) -> [WorktreeFiles.Change] {
        do throws(GitFailure) {
            return try await files?.changes(from: old, to: new, contents: contents) ?? []
        } catch {
            throw .failed(error.description)
        }
    }

    private func takeLock() throws(WriteFailure) -> WriteLock {
        guard BranchName.isValid(branch) else {
            throw .unreadable("\"\(branch)\" is not the name of a branch: correct repository.branch in the host file")
        }
        if let failure = FileOperation.objectionToWriting(directories.common) {
            throw .readOnly(
                "\(directories.common) can't be written: \(failure.reason): run this as the owner of the"
                    + " repository, or change its owner")
        }
        return try WriteLock(lockPath, isDirectory: false)
    }

    func checkout() throws(WriteFailure) -> Checkout {
        let checkout = Checkout(of: branch, in: directory, directories, isBare: worktree == nil)
        if let objection = checkout.objection { throw .conflict(objection) }
        return checkout
    }

    /// What the results of a batch are made from.
    private struct Round {
        let requests: [WriteRequest]
        /// Those that failed for good.
        var refused: [Int: WriteFailure] = [:]
        var unchanged: Set<Int> = []
        var failures: [Int: WriteFailure] = [:]
        /// The commit of each write.
        var commits: [Int: ObjectName] = [:]

        init(requests: [WriteRequest]) { self.requests = requests }

        func results(
            revision: ObjectName, _ remote: WriteReceipt.Remote
        ) -> [Result<WriteReceipt, WriteFailure>] {
            requests.indices.map { number in
                if let failure = failures[number] { return .failure(failure) }
                return .success(
                    WriteReceipt(
                        revision: (commits[number] ?? revision).description, isUnchanged: commits[number] == nil,
                        remote: remote))
            }
        }
    }

    /// What became of one try.
    private enum Attempt {
        /// The branch stands there.
        case done(ObjectName, WriteReceipt.Remote)
        /// The branch moved meanwhile.
        case elsewhere
        /// The remote did.
        case rejected
    }

    /// Makes the batch once.
    private func attemptWrite(
        _ round: inout Round, in repository: ConfigurationRepository, _ publisher: (any CommitPublisher)?
    ) async throws(WriteFailure) -> Attempt {
        let now = round.requests.map(\.now).max() ?? Timestamp(seconds: 0)
        let head = try await branchHead(repository, now: now)
        let checkout = try checkout()
        try await recover(head, isHere: checkout.isHere)
        guard try await reclaim(head, isHere: checkout.isHere) else { return .elsewhere }
        let base = try await openBase(head, repository, now: now)
        let files = checkout.isHere ? worktree : nil
        while true {
            var plan = BatchPlan(round.requests, on: base, look: look(base, files))
            try await plan.run(refused: round.refused)
            (round.failures, round.unchanged, round.commits) = (plan.failures, plan.unchanged, [:])
            guard !plan.commits.isEmpty else { return .done(head, await publisher?.standing(of: head) ?? .none) }
            let made = try makeCommits(plan, round.requests, on: base)
            let newHead = made.last?.name ?? head
            for (commit, one) in zip(plan.commits, made) { round.commits[commit.number] = one.name }
            let next = advanced(base, plan, made)
            let changes = try worktreeChanges(files, base: base, next: next, plan: plan)
            let outcome = try await move(files, changes, from: head, to: newHead, publisher)
            switch outcome {
            case .moved(let remote):
                self.base = next
                await hand(newHead, plan, on: base, to: repository)
                commitsSinceRest += made.count
                if commitsSinceRest > Self.longestBurst {
                    commitsSinceRest = 0
                    files?.settle()
                    stream = nil
                    packing.packIfWorthwhile()
                }
                return .done(newHead, remote)
            case .elsewhere: return .elsewhere
            case .rejected: return .rejected
            case .dirty(let paths):
                // Somebody edited a file while the plan was made.
                let dirty = Set(paths)
                let hit = plan.commits.filter { !dirty.isDisjoint(with: $0.change.files.map(\.path)) }
                guard !hit.isEmpty else { throw .dirty(paths: paths) }
                for commit in hit { round.refused[commit.number] = .dirty(paths: paths) }
            }
        }
    }

    /// Who reads the new head next needs no validation of it once more.
    private func hand(
        _ head: ObjectName, _ plan: BatchPlan, on base: WriterBase, to repository: ConfigurationRepository
    ) async {
        guard base.isWhole, let validated = plan.validated else { return }
        let loaded = LoadedRevision(
            id: head.description, origin: repository.origin, catalog: validated.catalog, result: validated.result)
        await repository.take(WrittenHead(commit: head, tree: plan.tree, loaded: loaded))
    }

    private enum Move { case moved(WriteReceipt.Remote), elsewhere, rejected, dirty([String]) }

    /// Moves the branch after the remote took the commits, and while nobody else can move it: what is refused there was
    /// never here, and nobody's commit comes in between.
    private func move(
        _ files: WorktreeFiles?, _ changes: [WorktreeFiles.Change], from head: ObjectName, to newHead: ObjectName,
        _ publisher: (any CommitPublisher)?
    ) async throws(WriteFailure) -> Move {
        if let files {
            do throws(FileFailure) {
                try files.stage(changes)
            } catch {
                throw .failed("the new files of \(directory) can't be written: \(error.reason)")
            }
            try files.lock(from: head)
        }
        // A push that brought the index along meanwhile is about to move the branch, too.
        if files != nil, rejectedPush?.isSettled == false {
            files?.unlock()
            return .elsewhere
        }
        var remote = WriteReceipt.Remote.none
        do throws(WriteFailure) {
            let dirty = try await files?.dirty(changes) ?? []
            guard dirty.isEmpty else {
                files?.unlock()
                return .dirty(dirty)
            }
            do throws(GitFailure) {
                try mover.prepare(from: head, to: newHead)
                switch await publisher?.publish(newHead) {
                case .settled(let there): remote = there
                case .rejected:
                    mover.abort()
                    files?.unlock()
                    return .rejected
                case nil: break
                }
                try mover.commit()
            } catch {
                let present = try? contents.commit("refs/heads/\(branch)")
                // An answer that was lost may belong to a step that was made.
                guard present == newHead else {
                    files?.unlock()
                    guard present == head else { return .elsewhere }
                    throw .failed("branch \(branch) can't be moved: \(error.description)")
                }
            }
        } catch {
            files?.unlock()
            throw error
        }
        do {
            try files?.install(changes)
            if files != nil { rejectedPush?.settle() }
        } catch {
            // The commit stands; the next write or start brings the files along.
            files?.interrupt()
        }
        files?.unlock()
        return .moved(remote)
    }

    // MARK: The base

    private func branchHead(
        _ repository: ConfigurationRepository, now: Timestamp
    ) async throws(WriteFailure) -> ObjectName {
        do {
            if let head = try contents.commit("refs/heads/\(branch)") { return head }
        } catch {
            throw .unreadable(error.description)
        }
        // Says why in words for people.
        do {
            _ = try await repository.load(now: now)
        } catch {
            throw WriteFailure(error)
        }
        throw .unreadable("\(directory) has no branch \(branch)")
    }

    private func openBase(
        _ commit: ObjectName, _ repository: ConfigurationRepository, now: Timestamp
    ) async throws(WriteFailure) -> WriterBase {
        if let base, base.commit == commit { return base }
        base = nil
        do {
            let snapshot = try await repository.snapshot(of: commit, now: now)
            let opened = WriterBase(snapshot, commit: commit, contents: contents)
            base = opened
            return opened
        } catch {
            throw WriteFailure(error)
        }
    }

    private func recover(_ head: ObjectName, isHere: Bool) async throws(WriteFailure) {
        if !isRecovered { Leftovers.remove(in: directories, branch: branch) }
        try await worktree?.recover(head: head, isHere: isHere, contents: contents)
        isRecovered = true
    }

    private func look(_ base: WriterBase, _ files: WorktreeFiles?) -> BatchPlan.Look {
        BatchPlan.Look(
            content: { (path) throws(WriteFailure) in
                guard case .file(let entry) = base.entry(at: Array(path.utf8)) else { return nil }
                do throws(GitFailure) {
                    return try self.contents.blobs([entry.object]).first ?? nil
                } catch {
                    throw .unreadable(error.description)
                }
            },
            objection: { path in
                guard case .obstacle(let what) = base.entry(at: Array(path.utf8)) else { return nil }
                return "is not a plain file: \(what)"
            },
            dirty: { (changes) throws(WriteFailure) in
                guard let files else { return [] }
                return try await files.dirty(try self.changes(of: changes, on: base))
            })
    }

    // MARK: Rest

    var processes: [Int32] {
        [stream?.processIdentifier, mover.processIdentifier, contents.processIdentifier].compactMap(\.self)
    }

    func rest() async {
        commitsSinceRest = 0
        await reclaimIfFree()
        settle()
        // Its packs may be packed together only after it ended.
        stream = nil
        owner?.takeGitFiles(directories, branch: branch)
        packing.packIfWorthwhile()
    }

    func close() {
        stream = nil
        packing.packIfWorthwhile()
        tidy()
        base = nil
    }

    /// Ends the journal, unless another process writes: then it does that.
    private func settle() {
        guard let worktree, let lock = WriteLock.ifFree(lockPath) else { return }
        defer { _ = lock }
        worktree.settle()
    }

    /// What our own gits left that died; while nobody else writes.
    func removeLeftovers() { Leftovers.remove(in: directories, branch: branch) }

    var lockPath: String { "\(directories.common)/wirebuddy.lock" }

    /// Finishes what a crash left half done in the worktree; nothing when somebody writes now, who does it then.
    func finishInterrupted() async {
        guard let worktree, worktree.isInterrupted, let lock = WriteLock.ifFree(lockPath) else { return }
        defer { _ = lock }
        guard let head = try? contents.commit("refs/heads/\(branch)"), let checkout = try? checkout() else { return }
        try? await recover(head, isHere: checkout.isHere)
    }

    private func tidy() {
        settle()
        stream = nil
        mover.finish()
        contents.close()
        packing.finish()
        // Those of a process that was killed may have come after our first look.
        if isRecovered { Leftovers.remove(in: directories, branch: branch) }
        owner?.takeGitFiles(directories, branch: branch)
    }
}
