import Glibc
import Programs
import Subprocess
import Synchronization

/// One run of a program of the hooks directory.
struct HookProcess: Sendable {
    /// How a run ended.
    struct Ending: Sendable {
        /// How the program ended; nil: it was stopped, because it took too long or the daemon ends.
        let status: TerminationStatus?
        /// What it wrote, up to ``HookProcess/outputLimit``.
        let output: [UInt8]
        /// How many bytes it wrote beyond that.
        let rest: Int
    }

    /// What is kept of the output.
    static let outputLimit = 16 << 10
    /// How long a program may take to end when it is asked to.
    private static let grace: Duration = .seconds(2)
    private static let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    let program: String
    let job: HookJob
    let limit: Duration

    /// Runs the program, and ends it with all it started when it takes longer than the limit or the task is cancelled.
    ///
    /// - Throws: when it can't be started.
    func run() async throws -> Ending {
        let output = Output()
        let status = try await withThrowingTaskGroup(of: TerminationStatus?.self) { group in
            group.addTask { try await start(output) }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            do {
                return try await group.next() ?? nil
            } catch is CancellationError {
                return nil
            }
        }
        let (bytes, rest, leader) = output.state.withLock { ($0.bytes, $0.rest, $0.leader) }
        // What it left behind in its session, if it was to be stopped.
        if status == nil, let leader { kill(-leader, SIGKILL) }
        return Ending(status: status, output: bytes, rest: rest)
    }

    private func start(_ output: Output) async throws -> TerminationStatus? {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: Self.grace)
        ]
        let environment: [Subprocess.Environment.Key: String] = [
            "PATH": Self.path, "WIREBUDDY_REVISION": job.revision, "WIREBUDDY_RESULT": job.result.rawValue,
        ]
        // env(1) becomes the program, in the directory that services begin in.
        let result = try await Subprocess.run(
            .name("env"), arguments: ["--chdir=/", program], environment: .custom(environment),
            platformOptions: options, input: ProgramInput(job.document), output: .sequence, error: .combinedWithOutput
        ) { execution in
            output.state.withLock { $0.leader = execution.processIdentifier.value }
            for try await piece in execution.standardOutput {
                let bytes = unsafe piece.withUnsafeBytes { unsafe Array($0) }
                output.append(bytes)
            }
        }
        return Task.isCancelled ? nil : result.terminationStatus
    }

    /// What the program wrote so far.
    private final class Output: Sendable {
        struct State {
            var bytes: [UInt8] = []
            var rest = 0
            var leader: pid_t?
        }

        let state = Mutex(State())

        func append(_ piece: [UInt8]) {
            state.withLock { state in
                let room = HookProcess.outputLimit - state.bytes.count
                state.bytes += piece.prefix(room)
                state.rest += max(0, piece.count - room)
            }
        }
    }
}
