import Glibc

/// A program that we talk to over its standard input and output for as long as it lives. It ends with this value.
final class ChildProcess {
    let identifier: pid_t
    /// How long it may take for an answer, in seconds.
    private static let patience = 30

    /// Its standard input; a socket, so that writing to a program that ended is an error and not a signal.
    private let input: OpenFile
    /// Its standard output.
    private let output: OpenFile
    /// Its error output, read without waiting.
    private let errors: OpenFile
    /// Whether it was not waited for yet.
    private var isRunning = true

    /// Starts a program by its path, the first of `arguments`.
    init(_ arguments: [String], environment: [String: String]) throws(FileFailure) {
        let inputs = try Self.socketPair()
        input = OpenFile(owning: inputs[0])
        let childInput = OpenFile(owning: inputs[1])
        let outputs = try Self.socketPair()
        output = OpenFile(owning: outputs[0])
        let childOutput = OpenFile(owning: outputs[1])
        let failures = try Self.socketPair()
        errors = OpenFile(owning: failures[0])
        let childErrors = OpenFile(owning: failures[1])
        var patience = timeval(tv_sec: Self.patience, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        guard unsafe setsockopt(output.descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size) == 0 else { throw .last }
        guard fcntl(errors.descriptor, F_SETFL, O_NONBLOCK) == 0 else { throw .last }
        identifier = try Self.spawn(
            arguments, environment,
            descriptors: [childInput.descriptor, childOutput.descriptor, childErrors.descriptor])
    }

    /// Two connected sockets: ours and the program's.
    private static func socketPair() throws(FileFailure) -> [Int32] {
        var pair: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, type, 0, &pair) == 0 else { throw .last }
        return pair
    }

    deinit { end() }

    /// Kills it. Right for a program that only reads; one that writes is told by ``finish()``.
    private func end() {
        guard isRunning else { return }
        isRunning = false
        kill(identifier, SIGKILL)
        while waitpid(identifier, nil, 0) < 0 && errno == EINTR {}
    }

    /// Whether it ended by itself.
    func hasEnded() -> Bool {
        if isRunning, waitpid(identifier, nil, WNOHANG) == identifier { isRunning = false }
        return !isRunning
    }

    /// Says that no more input comes, and waits until it ended by itself; one that takes too long is killed. Returns
    /// what it still wrote and whether it ended well.
    func finish() -> (output: [UInt8], isGood: Bool) {
        guard isRunning else { return ([], false) }
        shutdown(input.descriptor, Int32(SHUT_WR))
        var output: [UInt8] = []
        while true {
            switch read(atMost: 1 << 16) {
            case .bytes(let bytes): output += bytes
            case .timeout:
                end()
                return (output, false)
            case .end:
                isRunning = false
                var status: Int32 = 0
                while unsafe waitpid(identifier, &status, 0) < 0 && errno == EINTR {}
                return (output, status == 0)
            }
        }
    }

    /// Writes all of `bytes`; false when the program doesn't read any more.
    func write(_ bytes: [UInt8]) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe send(
                    input.descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written,
                    Int32(MSG_NOSIGNAL))
            }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            written += count
        }
        return true
    }

    /// What a read brought.
    enum Chunk {
        case bytes([UInt8])
        case end
        case timeout
    }

    /// Reads what is there, waiting for it at most ``patience`` if there is nothing yet.
    func read(atMost limit: Int) -> Chunk {
        while true {
            var count = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
                count = unsafe Glibc.read(output.descriptor, buffer.baseAddress, limit)
                filled = max(0, count)
            }
            if count > 0 { return .bytes(bytes) }
            if count < 0 && errno == EINTR { continue }
            return count < 0 && errno == EAGAIN ? .timeout : .end
        }
    }

    /// What the program wrote to its error output since the last call.
    func takeErrors() -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe Glibc.read(errors.descriptor, &buffer, buffer.count)
            guard count > 0 else { return all }
            all += buffer.prefix(count)
        }
    }

    private static func spawn(
        _ arguments: [String], _ environment: [String: String], descriptors: [Int32]
    ) throws(FileFailure) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for (target, descriptor) in descriptors.enumerated() {
            unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(target))
        }
        // A descriptor somebody opened without CLOEXEC must not live on in it: who waits for its end would wait forever.
        if let closeFrom = unsafe Self.addCloseFrom { _ = unsafe closeFrom(&actions, Int32(descriptors.count)) }
        // Neither what we ignore or block nor a Ctrl-C of our terminal is meant for it.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe sigfillset(&signals)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        let argv = unsafe arguments.map { unsafe strdup($0) } + [nil]
        let envp = unsafe variables.map { unsafe strdup($0) } + [nil]
        defer { unsafe (argv + envp).forEach { unsafe free($0) } }
        var identifier = pid_t()
        let code = unsafe posix_spawn(&identifier, arguments[0], &actions, &attributes, argv, envp)
        guard code == 0 else { throw FileFailure(code: code) }
        return identifier
    }

    private typealias AddCloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32

    /// `posix_spawn_file_actions_addclosefrom_np`, glibc 2.34 and newer; hidden from Swift by its feature macro.
    private static let addCloseFrom: AddCloseFrom? =
        unsafe dlsym(nil, "posix_spawn_file_actions_addclosefrom_np").map {
            unsafe unsafeBitCast($0, to: AddCloseFrom.self)
        }
}
