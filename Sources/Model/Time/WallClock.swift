/// A source of civil time. Injected, so that tests decide what time it is.
public protocol WallClock: Sendable {
    /// The present instant.
    func now() -> Timestamp
}
