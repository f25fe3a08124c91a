import CLibC
import Glibc
import Reconciler

/// Starts the userspace implementation of WireGuard so that it outlives us: in a session of its own, with none of our
/// descriptors, our environment or our directory.
struct UserspaceProgram: Sendable {
    /// The text that a failed start leaves behind, at most.
    private static let logSize = 16 << 10

    /// An absolute path, or a name that is looked up in ``SearchPath``.
    let program: String
    /// How long link and socket may take to appear.
    var startupMilliseconds: Int32 = 10_000

    /// Starts the program for a link and waits until `isReady` says that link and socket are there.
    func start(link: String, isReady: () throws(BackendError) -> Bool) throws(BackendError) {
        let operation = "start \(program) for \(link)"
        guard unsafe access("/dev/net/tun", F_OK) == 0 else {
            throw BackendError(
                .terminal,
                "\(operation): /dev/net/tun is missing; load its module (modprobe tun) or give the container the device"
            )
        }
        let log = try makeLog(operation)
        let process = try spawn(link, log.number, operation)
        var hasExited = false
        for _ in 0..<(startupMilliseconds / 10) {
            if try isReady() { return }
            if hasExited {
                usleep(10_000)
            } else if let status = process.wait(milliseconds: 10) {
                // A program that goes to the background by itself ends with 0 and is ready a moment later.
                guard status == 0 else {
                    throw BackendError(.terminal, "\(operation): it ended at once\(Self.reason(in: log.number))")
                }
                hasExited = true
            }
        }
        if !hasExited { process.handle?.end() }
        throw BackendError(
            .transient,
            "\(operation): link or socket did not appear in \(startupMilliseconds / 1000) s\(Self.reason(in: log.number))"
        )
    }

    /// A child that may already have ended.
    private struct Child {
        let id: pid_t
        let handle: ProcessHandle?

        /// The exit status once it has ended (a signal counts as 128 and more), or nil after the time.
        func wait(milliseconds: Int32) -> Int32? {
            var status: Int32 = 0
            for _ in 0..<max(milliseconds / 2, 1) {
                let ended = unsafe waitpid(id, &status, WNOHANG)
                if ended == id { return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F }
                if ended < 0, Glibc.errno == ECHILD { return 0 }
                usleep(2000)
            }
            return nil
        }
    }

    /// A piece of memory for what the program prints. It is full when it is full, so a program that complains for years
    /// costs nothing; a pipe would end the program with us.
    private func makeLog(_ operation: String) throws(BackendError) -> Descriptor {
        let number = unsafe memfd_create(
            "wirebuddy-\(program.count)", wirebuddy_MFD_CLOEXEC | wirebuddy_MFD_ALLOW_SEALING)
        guard number >= 0 else { throw SystemError.backend("\(operation): memfd_create", Glibc.errno) }
        let log = Descriptor(number)
        guard ftruncate(number, off_t(Self.logSize)) == 0,
            fcntl(number, wirebuddy_F_ADD_SEALS, wirebuddy_F_SEAL_GROW) == 0
        else { throw SystemError.backend("\(operation): size of its log", Glibc.errno) }
        return log
    }

    private static func reason(in log: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: logSize)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe pread(log, $0.baseAddress, $0.count, 0) }
        let text = buffer.prefix(max(count, 0)).prefix { $0 != 0 }.split(separator: UInt8(ascii: "\n"))
            .filter { line in line.contains { $0 > 0x20 && $0 < 0x7F } }
        guard let last = text.last else { return "" }
        let printable = last.prefix(300).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
        return ": \(String(decoding: printable, as: UTF8.self))"
    }

    private func spawn(_ link: String, _ log: Int32, _ operation: String) throws(BackendError) -> Child {
        guard let path = program.contains("/") ? program : SearchPath.file(of: program) else {
            throw Self.missing(operation)
        }
        let started = unsafe SessionSpawn.start(path, [program, link], environment: Self.environment) { actions in
            unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            unsafe posix_spawn_file_actions_adddup2(&actions, log, 1)
            unsafe posix_spawn_file_actions_adddup2(&actions, log, 2)
            unsafe posix_spawn_file_actions_addchdir_np(&actions, "/")
        }
        let id: pid_t
        switch started {
        case .success(let process): id = process
        case .failure(let code):
            if code.number == ENOENT { throw Self.missing(operation) }
            throw SystemError.backend(operation, code.number)
        }
        return Child(id: id, handle: ProcessHandle(id))
    }

    private static func missing(_ operation: String) -> BackendError {
        BackendError(
            .terminal,
            "\(operation): there is no such program; install the package wireguard-go (apt-get install wireguard-go)")
    }

    /// wireguard-go stays in the foreground, so that the process that listens is the one we started.
    private static var environment: [String] {
        ["PATH=\(SearchPath.value)", "LC_ALL=C", "WG_PROCESS_FOREGROUND=1", "LOG_LEVEL=error"]
    }
}
