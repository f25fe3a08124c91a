public import Logging

/// Follows the remote while the daemon runs: looks at it every poll, pushes what was committed here, and tells when
/// something changed. A remote that can't be reached or hangs holds up nothing but this.
public struct RemoteFollower: Sendable {
    private let repository: ConfigurationRepository
    private let poll: Duration
    private let logger: Logger
    private let random: @Sendable () -> Double
    private let nap = Nap()

    /// The longest time between looks while the remote can't be reached, unless polls are rarer anyway.
    private static let longestBackoff: Duration = .seconds(60)

    /// A follower; nil for a repository without remote.
    ///
    /// - Parameter random: A number from 0 to 1: gateways of one remote must not come all at once.
    public init?(
        _ repository: ConfigurationRepository, logger: Logger,
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        guard let link = repository.link else { return nil }
        self.repository = repository
        poll = link.options.poll
        self.logger = logger
        self.random = random
    }

    /// Runs until its task is cancelled; git processes that wait for the remote end with it.
    public func follow() async {
        let changes = repository.changes()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await look() }
            group.addTask {
                // What a person or another process commits here goes out at once.
                for await _ in changes { await repository.pushCommits() }
            }
            await group.waitForAll()
        }
    }

    /// Has the remote looked at now, whenever the next look would have been. Returns at once; calls that come together
    /// cause one look.
    public func lookNow() { nap.end() }

    private func look() async {
        var last: RemoteStatus?
        var failures = 0
        while !Task.isCancelled {
            let status = await repository.follow()
            if Task.isCancelled { return }
            if let status { tell(status, after: last) }
            failures = status?.state == .unreachable ? failures + 1 : 0
            last = status
            await nap.sleep(for: Self.delay(poll: poll, failures: failures, random: random()))
        }
    }

    /// The time to the next look: the poll, doubled with each failure up to ``longestBackoff``, a tenth more or less.
    static func delay(poll: Duration, failures: Int, random: Double) -> Duration {
        var delay = poll
        for _ in 0..<failures where delay < longestBackoff { delay = min(delay * 2, longestBackoff) }
        return .milliseconds(Int(delay / .milliseconds(1) * (0.9 + 0.2 * random)))
    }

    private func tell(_ status: RemoteStatus, after last: RemoteStatus?) {
        guard status.state != last?.state || status.reason != last?.reason else { return }
        let isTrouble = status.state == .unreachable || status.state == .diverged
        guard isTrouble || last != nil else { return }
        logger.log(
            level: isTrouble ? .warning : .notice, "remote",
            metadata: [
                "remote": "\(status.remote)", "state": "\(status.state.rawValue)", "ahead": "\(status.ahead)",
                "behind": "\(status.behind)", "reason": "\(status.reason)",
            ])
    }
}
