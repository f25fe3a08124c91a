import Model
import Reconciler

/// The write queue of a repository: one batch at a time.
actor RepositoryWriter {
    private let executor = BlockingExecutor(label: "wirebuddy.repository.write")
    private let directory: String
    private let branch: String
    private let git: Git
    private let turns = Turns()
    private var waiting: [PendingWrite] = []
    private var isWorking = false
    private var target: (any WriteTarget)?
    private var idle: Task<Void, Never>?

    /// How many writes become one batch at most.
    private static let batchLimit = 256
    /// How long after the last write everything is tidied up.
    private static let idleTime = Duration.milliseconds(500)

    init(directory: String, branch: String, git: Git) {
        self.directory = directory
        self.branch = branch
        self.git = git
    }

    /// Runs on a queue of its own: files, locks and talking to git block.
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    func write(
        _ request: WriteRequest, in repository: ConfigurationRepository
    ) async throws(WriteFailure) -> WriteReceipt {
        let result = await withCheckedContinuation { continuation in
            waiting.append(PendingWrite(request: request, continuation: continuation))
            guard !isWorking else { return }
            isWorking = true
            Task { await work(in: repository) }
        }
        return try result.get()
    }

    /// Tidies up and ends the running git programs.
    func close() async {
        await turns.take()
        defer { turns.give() }
        guard !isWorking else { return }
        idle?.cancel()
        target?.close()
        target = nil
    }

    /// Moves the branch to a commit that exists, and the files of the worktree with it.
    ///
    /// - Throws: ``WriteFailure``: `conflict` when the branch doesn't stand at `old`, `dirty` when a person's edits are in
    ///   the way. Nothing was moved then.
    func moveBranch(
        from old: ObjectName, to new: ObjectName, in repository: ConfigurationRepository
    ) async throws(WriteFailure) {
        await turns.take()
        defer { turns.give() }
        guard let target = try await openTarget(of: repository) as? GitTarget else {
            throw .failed("\(directory) is not a git repository")
        }
        try await target.moveBranch(from: old, to: new)
    }

    /// Finishes what a crash left half done in the worktree.
    func finishInterrupted(in repository: ConfigurationRepository) async {
        await turns.take()
        defer { turns.give() }
        guard let target = try? await openTarget(of: repository) as? GitTarget else { return }
        await target.finishInterrupted()
    }

    /// The process ids of the running git programs, for tests that kill them.
    var processes: [Int32] { target?.processes ?? [] }

    private func work(in repository: ConfigurationRepository) async {
        idle?.cancel()
        while !waiting.isEmpty {
            let batch = Array(waiting.prefix(Self.batchLimit))
            waiting.removeFirst(batch.count)
            await turns.take()
            let results = await write(batch.map(\.request), in: repository)
            turns.give()
            for (write, result) in zip(batch, results) { write.continuation.resume(returning: result) }
        }
        isWorking = false
        idle = Task { [weak self] in
            try? await Task.sleep(for: Self.idleTime)
            if !Task.isCancelled { await self?.rest() }
        }
    }

    private func rest() async {
        await turns.take()
        defer { turns.give() }
        guard !isWorking else { return }
        await target?.rest()
    }

    private func write(
        _ requests: [WriteRequest], in repository: ConfigurationRepository
    ) async -> [Result<WriteReceipt, WriteFailure>] {
        do throws(WriteFailure) {
            let target = try await openTarget(of: repository)
            let publisher = repository.link.map { RemotePublisher(link: $0, repository: repository) }
            return try await target.write(requests, in: repository, publisher: publisher)
        } catch {
            return requests.map { _ in .failure(error) }
        }
    }

    /// What is written to, looked at anew for every batch: a repository may be replaced, or become one.
    private func openTarget(of repository: ConfigurationRepository) async throws(WriteFailure) -> any WriteTarget {
        let place: Place
        do {
            place = try await repository.place()
        } catch {
            throw WriteFailure(error)
        }
        if let target, target.place == place { return target }
        target?.close()
        target = nil
        let opened: any WriteTarget =
            switch place {
            case .directory: DirectoryTarget(directory: directory, git: git)
            case .worktree, .bare: GitTarget(git, directory: directory, branch: branch, place: place)
            }
        target = opened
        return opened
    }
}

/// A write in the queue.
struct PendingWrite: Sendable {
    let request: WriteRequest
    let continuation: CheckedContinuation<Result<WriteReceipt, WriteFailure>, Never>
}

/// Where a batch of writes goes. Used by one actor only.
protocol WriteTarget: AnyObject {
    /// What it was opened for.
    var place: Place { get }
    /// Writes a batch; one result for each request, in order.
    ///
    /// - Throws: ``WriteFailure`` that is that of all of them.
    func write(
        _ requests: [WriteRequest], in repository: ConfigurationRepository, publisher: (any CommitPublisher)?
    ) async throws(WriteFailure) -> [Result<WriteReceipt, WriteFailure>]
    /// The process ids of the running git programs.
    var processes: [Int32] { get }
    /// Tidies up; called when there was nothing to write for a moment.
    func rest() async
    /// Tidies up and lets everything go.
    func close()
}

/// Sends the commits of a batch to the remote, before the branch takes them. `Remote/` implements it.
protocol CommitPublisher: Sendable {
    /// Sends a commit, made on the head of the branch.
    func publish(_ commit: ObjectName) async -> Publication
    /// Brings the branch to the remote's head, which moved on, by `move`.
    func catchUp(_ move: (ObjectName, ObjectName) async throws(WriteFailure) -> Void) async throws(WriteFailure)
    /// How far the head of the branch got.
    func standing(of head: ObjectName) async -> WriteReceipt.Remote
}

/// What became of commits that were to be sent.
enum Publication: Sendable {
    /// How far they got.
    case settled(WriteReceipt.Remote)
    /// The remote has moved on.
    case rejected
}

extension WriteFailure {
    /// A head that can't be read.
    init(_ failure: RevisionFailure) {
        switch failure {
        case .unreadable(let why): self = .unreadable(why)
        case .invalid(let revision, let problems):
            self = .conflict("revision \(revision) is not valid: \(problems.joined(separator: "; "))")
        }
    }
}
