import Glibc
public import Model
public import Reconciler

/// The two locks of a network namespace, files below `/run/wirebuddy/netns-<inode>/` locked by `flock(2)`: `daemon` for
/// the lifetime of `serve`, `pass` for each pass.
///
/// They stand beside the database because both are what the processes of one host share. The kernel releases a lock
/// when its process ends in any way; programs we start don't inherit it.
public struct HostLocks: PassLock {
    /// How long a pass waits for its turn.
    public static let patience: Duration = .seconds(10)

    private let directory: String
    private let holder: LockHolder
    private let patience: Duration

    /// The locks of a namespace. Nothing is created before one is taken.
    ///
    /// - Parameters:
    ///   - namespace: The inode of the network namespace.
    ///   - command: The command line others are shown, without secrets.
    ///   - since: When this process started.
    ///   - directory: Where the lock files of all namespaces are.
    ///   - patience: How long a pass waits for its turn.
    public init(
        namespace: UInt64, command: String, since: Timestamp, directory: String = "/run/wirebuddy",
        patience: Duration = HostLocks.patience
    ) {
        self.directory = "\(directory)/netns-\(namespace)"
        holder = LockHolder(
            process: getpid(), since: since.description, command: command, start: ProcessStart.ticks(of: getpid()))
        self.patience = patience
    }

    /// Takes the daemon's lock and returns what holds it.
    ///
    /// - Throws: ``LockFailure`` at once when another daemon runs in this namespace.
    public func takeDaemonLock() throws(LockFailure) -> HeldLock {
        var first = try attempt("daemon")
        // Somebody may only be asking who holds it, which takes microseconds.
        if case .held = first {
            usleep(20_000)
            first = try attempt("daemon")
        }
        switch first {
        case .taken(let lock): return lock
        case .held(let holder):
            throw LockFailure(
                .held, "another daemon runs in this network namespace: \(holder): stop it first")
        }
    }

    /// Who holds the daemon's lock: process id, command and since when; nil when nobody does.
    ///
    /// - Throws: ``LockFailure`` when the lock file can't be looked at.
    public func daemonHolder() throws(LockFailure) -> String? { try holder(of: "daemon") }

    func holder(of name: String) throws(LockFailure) -> String? {
        let path = "\(directory)/\(name)"
        do throws(FileFailure) {
            let file = try OpenFile(path, O_RDONLY | O_NOFOLLOW)
            // A shared lock is had for a moment and only when nobody holds the exclusive one.
            guard try !file.tryLock(shared: true) else { return nil }
            return LockHolder(record: try file.contents(limit: 4096))?.description
                ?? "unknown process (see `fuser -v \(path)`)"
        } catch {
            if error.code == ENOENT { return nil }
            throw LockFailure(.unusable, "lock \(path) can't be read: \(error.reason)")
        }
    }

    /// Runs `body` while no other process makes a pass in this namespace.
    ///
    /// - Throws: ``LockFailure``, or what `body` throws.
    public func withPassLock<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        let lock = try await waitForPassLock()
        defer { lock.release() }
        return try await body()
    }

    /// Takes the lock of a pass for work that must not meet one, and returns what holds it.
    ///
    /// - Throws: ``LockFailure`` when a pass does not end in time.
    public func takePassLock() async throws -> HeldLock { try await waitForPassLock() }

    private func waitForPassLock() async throws -> HeldLock {
        let end = ContinuousClock.now + patience
        var pause = Duration.milliseconds(2)
        while true {
            switch try attempt("pass") {
            case .taken(let lock): return lock
            case .held(let holder):
                guard ContinuousClock.now < end else {
                    let waited = "waited \(patience.components.seconds) s, try again"
                    throw LockFailure(
                        .held, "a pass is under way in this network namespace: \(holder): \(waited)")
                }
            }
            // Asking again takes no thread, unlike waiting in flock(2).
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(50))
        }
    }

    /// The record in the lock file of passes while somebody holds it.
    func passHolder() throws(LockFailure) -> LockHolder? {
        let path = "\(directory)/pass"
        do throws(FileFailure) {
            let file = try OpenFile(path, O_RDONLY | O_NOFOLLOW)
            guard try !file.tryLock(shared: true) else { return nil }
            return LockHolder(record: try file.contents(limit: 4096))
        } catch {
            throw LockFailure(.unusable, "lock \(path) can't be read: \(error.reason)")
        }
    }

    enum Attempt {
        case taken(HeldLock)
        case held(String)
    }

    func attempt(_ name: String) throws(LockFailure) -> Attempt {
        let path = "\(directory)/\(name)"
        do throws(FileFailure) {
            let file = try open(path)
            let isTaken = try file.tryLock()
            let record = try file.contents(limit: 4096)
            guard isTaken else {
                return .held(LockHolder(record: record)?.description ?? "unknown process (see `fuser -v \(path)`)")
            }
            // A daemon takes the same lock in each pass: its record already stands there.
            if record != holder.record { try file.replaceContents(holder.record) }
            return .taken(HeldLock(file))
        } catch {
            let advice = error.code == EACCES || error.code == EPERM ? ": run as root" : ""
            throw LockFailure(.unusable, "lock \(path) can't be used: \(error.reason)\(advice)")
        }
    }

    /// Opens a lock file. The directory is made only when it is missing: a pass with nothing to do writes nothing.
    private func open(_ path: String) throws(FileFailure) -> OpenFile {
        do throws(FileFailure) {
            return try OpenFile(path, O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
        } catch  where error.code == ENOENT {
            try OpenFile.makeDirectory(directory)
            return try OpenFile(path, O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
        }
    }
}
