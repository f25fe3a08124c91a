import Glibc

/// Starts a program that is to outlive this process: in a session of its own, with none of our descriptors.
public enum DetachedProgram {
    /// Starts a program.
    ///
    /// - Parameters:
    ///   - arguments: the words of its command line, the path of the program first.
    ///   - log: the file that gets what it prints.
    /// - Returns: its id, or the error number.
    public static func start(_ arguments: [String], log: String) -> Result<Int32, StartFailure> {
        guard let path = arguments.first else { return .failure(StartFailure(code: EINVAL)) }
        let started = unsafe SessionSpawn.start(path, arguments, environment: environment) { actions in
            unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            unsafe posix_spawn_file_actions_addopen(
                &actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600)
            unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        }
        let id: pid_t
        switch started {
        case .success(let process): id = process
        case .failure(let code): return .failure(StartFailure(code: code.number))
        }
        if let process = ProcessHandle(id) {
            // Nobody else in this process collects it.
            startThread(named: "wb-watchdog") { _ = process.waitForEnd(milliseconds: -1) }
        }
        return .success(id)
    }

    /// What this process was started with: a secret may come from there.
    private static var environment: [String] {
        WholeFile.bytes(of: "/proc/self/environ").split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Asks a process to end, and kills it when it does not within two seconds. It blocks a thread of its own; `done` is
    /// called at the end.
    public static func end(_ process: Int32, done: @escaping @Sendable () -> Void = {}) {
        startThread(named: "wb-end") {
            ProcessHandle(process)?.end()
            done()
        }
    }

    /// Why a program could not be started.
    public struct StartFailure: Error, Sendable, Hashable, CustomStringConvertible {
        /// The error number.
        public let code: Int32

        /// What it means.
        public var description: String { unsafe String(cString: strerror(code)) }
    }
}
