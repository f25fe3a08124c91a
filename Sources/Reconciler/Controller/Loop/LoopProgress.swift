internal import Synchronization

/// Counts what the loop gets done, so that somebody beside it can tell work from a hang.
public final class LoopProgress: Sendable {
    private let marks = Atomic<Int>(0)

    /// Nothing done yet.
    public init() {}

    /// Grows with every turn of the loop and with every step of a pass.
    public var count: Int { marks.load(ordering: .relaxed) }

    func mark() { marks.add(1, ordering: .relaxed) }
}
