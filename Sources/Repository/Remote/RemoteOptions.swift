public import Model

/// The remote that is followed and pushed to, as the host file names it.
public struct RemoteOptions: Sendable {
    /// The name of a git remote (`origin`) or a URL, which may hold a password: never shown.
    let name: String
    /// The time between looks at it.
    let poll: Duration
    /// Whether our commits are pushed; else it is only followed.
    let mayPush: Bool
    let clock: any WallClock

    /// Options.
    ///
    /// - Parameters:
    ///   - name: The name of a git remote of the repository, or a URL.
    ///   - poll: The time between looks at it.
    ///   - mayPush: Whether our commits are pushed.
    ///   - clock: Says since when it is unreachable.
    public init(name: String, poll: Duration = .seconds(60), mayPush: Bool = true, clock: any WallClock) {
        self.name = name
        self.poll = poll
        self.mayPush = mayPush
        self.clock = clock
    }

    /// The remote as it may be shown.
    var display: String { RemoteURL.redacted(name) }
}
