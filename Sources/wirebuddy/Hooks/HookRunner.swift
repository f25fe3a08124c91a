import Logging
import Subprocess
import Synchronization

/// Runs the programs of the hooks directory one after the other, and logs what they say.
final class HookRunner: Sendable {
    /// How long each program may take.
    static let limit: Duration = .seconds(30)

    private let directory: HookDirectory
    private let logger: Logger
    private let limit: Duration
    /// What was warned of before.
    private let warned = Mutex<Set<String>>([])

    /// A runner of the programs in a directory.
    init(_ directory: HookDirectory, logger: Logger, limit: Duration = HookRunner.limit) {
        self.directory = directory
        self.logger = logger
        self.limit = limit
    }

    /// Runs all programs for a pass, until the task is cancelled. One that fails does not keep the next from running.
    func run(_ job: HookJob) async {
        let listing = directory.list()
        for (path, reason) in listing.refused where warned.withLock({ $0.insert("\(path): \(reason)").inserted }) {
            logger.warning("a hook is not run", metadata: ["hook": "\(path)", "reason": "\(reason)"])
        }
        for program in listing.programs where !Task.isCancelled {
            do {
                let ending = try await HookProcess(program: program, job: job, limit: limit).run()
                tell(ending, of: program, job)
            } catch {
                logger.warning(
                    "a hook can't be run", metadata: ["hook": "\(program)", "pass": "\(job.pass)", "error": "\(error)"])
            }
        }
    }

    private func tell(_ ending: HookProcess.Ending, of program: String, _ job: HookJob) {
        var metadata: Logger.Metadata = ["hook": "\(program)", "pass": "\(job.pass)"]
        let lines = ending.output.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
        for line in lines {
            metadata["says"] = "\(line)"
            logger.notice("hook", metadata: metadata)
        }
        metadata["says"] = nil
        if ending.rest > 0 {
            metadata["bytes"] = "\(ending.rest)"
            logger.notice("a hook wrote more than is kept", metadata: metadata)
            metadata["bytes"] = nil
        }
        switch ending.status {
        case .exited(0): logger.info("a hook ended", metadata: metadata)
        case .exited(let code):
            metadata["status"] = "\(code)"
            logger.warning("a hook failed", metadata: metadata)
        case .signaled(let signal):
            metadata["signal"] = "\(signal)"
            logger.warning("a hook failed", metadata: metadata)
        case nil:
            metadata["seconds"] = "\(limit.components.seconds)"
            logger.warning("a hook was stopped: it took too long, or the daemon ends", metadata: metadata)
        }
    }
}
