public import DNSPolicy

/// What became of a question: the answer, and all that the query log says about it.
public struct Resolution: Sendable {
    /// Where the answer came from.
    public enum Origin: Sendable, Hashable {
        /// A rule made it.
        case policy
        /// A name of this gateway, or one that is never asked of an upstream.
        case local
        /// The cache.
        case cache
        /// An upstream was asked.
        case upstream
        /// No upstream answered in time, or what came was unusable.
        case failure
    }

    /// The decision that was acted on.
    public let decision: Decision
    /// The answer.
    public let answer: Answer
    /// Seconds since its records were received, to be taken from each TTL.
    public let age: UInt32
    /// Where it came from.
    public let origin: Origin
    /// Whether the answer was withheld by rebind protection: it had a private address for a public name.
    public var isWithheld = false
    /// When its records were received, if their time runs: what `age` is counted from.
    var received: ContinuousClock.Instant?
    /// What is to be asked again, that the answer is fresh when it is asked for the next time; nil if it is.
    var renewal: Inquiry?
    /// Until when an equal query is answered the same in this revision, at the latest; nil if that has no end.
    var expiry: ContinuousClock.Instant?
}
