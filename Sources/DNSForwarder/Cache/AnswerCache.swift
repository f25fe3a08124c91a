public import DNSPolicy
internal import Synchronization

/// Answers of upstreams, for everybody: what a peer may see is decided above it, every time.
///
/// Two generations instead of a list of uses: what is asked for again moves to the young one, and when that is full the
/// old one is dropped. So the cache holds what was used lately, and every step costs the same.
public final class AnswerCache: Sendable {
    /// What an answer is found by. Class IN is the only one that is forwarded.
    public struct Key: Hashable, Sendable {
        /// The name in lower case.
        public let name: DomainName
        /// The type.
        public let type: RecordType
        /// DO: signatures are part of the answer.
        public let isDNSSECOK: Bool
        /// CD: the upstream did not validate.
        public let isCheckingDisabled: Bool

        /// The key of a question.
        public init(name: DomainName, type: RecordType, isDNSSECOK: Bool, isCheckingDisabled: Bool) {
            self.name = name
            self.type = type
            self.isDNSSECOK = isDNSSECOK
            self.isCheckingDisabled = isCheckingDisabled
        }
    }

    /// An answer from the cache.
    public struct Hit: Sendable {
        /// The answer as it was received.
        public let answer: Answer
        /// Seconds since then, to be taken from each TTL.
        public let age: UInt32
        /// When it was received.
        let received: ContinuousClock.Instant
        /// Until when it is found again without anything to be done: it ends then, or must be renewed.
        let expiry: ContinuousClock.Instant
        /// Whether whoever found it shall ask for it again: it ends soon and is asked for. Only one is told so.
        let isToBeRenewed: Bool
    }

    private final class Entry: Sendable {
        let answer: Answer
        let received: ContinuousClock.Instant
        /// When its time is over.
        let expiry: ContinuousClock.Instant
        /// Until when it may be given while no upstream answers.
        let end: ContinuousClock.Instant
        /// From when on it is renewed if it is asked for; nil if it never is.
        let renewal: ContinuousClock.Instant?
        let bytes: Int
        let wasFound = Atomic(false)
        let isRenewed = Atomic(false)

        init(
            _ answer: Answer, received: ContinuousClock.Instant, expiry: ContinuousClock.Instant,
            end: ContinuousClock.Instant, renewal: ContinuousClock.Instant?, bytes: Int
        ) {
            self.answer = answer
            self.received = received
            self.expiry = expiry
            self.end = end
            self.renewal = renewal
            self.bytes = bytes
        }
    }

    private struct Generations {
        var young: [Key: Entry] = [:]
        var old: [Key: Entry] = [:]
        var youngBytes = 0
    }

    /// The times to live in a stale answer, in seconds (RFC 8767 4).
    static let staleTTL: UInt32 = 30

    private let generations = Mutex(Generations())
    private let forgotten = Atomic(0)
    private let entriesPerGeneration: Int
    private let bytesPerGeneration: Int
    private let ttl: ClosedRange<UInt32>
    private let stale: Duration
    private let isRenewing: Bool

    /// A cache.
    ///
    /// - Parameters:
    ///   - maxEntries: no more answers than this are kept; 0 keeps none.
    ///   - maxBytes: no more bytes of records than this are kept.
    ///   - ttl: the range in seconds that an answer's time is brought into.
    ///   - stale: how long after its time an answer is found by ``staleAnswer(for:now:)``.
    ///   - isRenewing: whether answers that are asked for are to be renewed before their time is over.
    public init(
        maxEntries: Int, maxBytes: Int, ttl: ClosedRange<UInt32>, stale: Duration = .zero, isRenewing: Bool = false
    ) {
        entriesPerGeneration = maxEntries / 2
        bytesPerGeneration = maxBytes / 2
        self.ttl = ttl
        self.stale = stale
        self.isRenewing = isRenewing
    }

    /// The answer for a key, if there is one that has not outlived its time.
    public func answer(for key: Key, now: ContinuousClock.Instant) -> Hit? {
        generations.withLock { generations in
            if let entry = generations.young[key] { return Self.hit(entry, now) }
            guard let entry = generations.old[key], let hit = Self.hit(entry, now) else { return nil }
            generations.old[key] = nil
            insert(entry, key, &generations)
            return hit
        }
    }

    /// An answer whose time is over, for when no upstream answers (RFC 8767 4); nil if there is none that is not too old.
    ///
    /// It says that it is stale, and is kept for half a minute, in which the upstreams are not asked again.
    public func staleAnswer(for key: Key, now: ContinuousClock.Instant) -> Hit? {
        generations.withLock { generations in
            guard let entry = generations.young[key] ?? generations.old[key], now < entry.end else { return nil }
            // Somebody else got a new one meanwhile.
            if let hit = Self.hit(entry, now) { return hit }
            var answer = entry.answer
            for index in answer.answers.indices { answer.answers[index].ttl = Self.staleTTL }
            for index in answer.authority.indices { answer.authority[index].ttl = Self.staleTTL }
            answer.error = ExtendedError(answer.responseCode == .nameError ? .staleNameError : .staleAnswer)
            let again = now.advanced(by: .seconds(Int64(Self.staleTTL)))
            let kept = Entry(
                answer, received: now, expiry: min(again, entry.end), end: entry.end, renewal: nil, bytes: entry.bytes)
            generations.old[key] = nil
            insert(kept, key, &generations)
            return Hit(answer: answer, age: 0, received: now, expiry: kept.expiry, isToBeRenewed: false)
        }
    }

    /// Whether ``staleAnswer(for:now:)`` has an answer.
    func hasStaleAnswer(for key: Key, now: ContinuousClock.Instant) -> Bool {
        generations.withLock { generations in
            (generations.young[key] ?? generations.old[key]).map { now < $0.end } ?? false
        }
    }

    private static func hit(_ entry: Entry, _ now: ContinuousClock.Instant) -> Hit? {
        guard now < entry.expiry else { return nil }
        let age = max(entry.received.duration(to: now).components.seconds, 0)
        var (expiry, isToBeRenewed) = (entry.expiry, false)
        // An answer that nobody asked for a second time is let go.
        if let renewal = entry.renewal {
            let wasFound = entry.wasFound.exchange(true, ordering: .relaxed)
            if now < renewal {
                expiry = renewal
            } else if wasFound {
                isToBeRenewed = !entry.isRenewed.exchange(true, ordering: .relaxed)
            }
        }
        return Hit(
            answer: entry.answer, age: UInt32(clamping: age), received: entry.received, expiry: expiry,
            isToBeRenewed: isToBeRenewed)
    }

    /// Keeps an answer if it may be kept: a success, or a negative answer with an SOA record (RFC 2308, 5).
    ///
    /// - Returns: the answer with its times brought into the range of this cache.
    @discardableResult
    public func store(_ answer: Answer, for key: Key, now: ContinuousClock.Instant) -> Answer {
        var answer = answer
        for index in answer.answers.indices { clamp(&answer.answers[index]) }
        for index in answer.authority.indices { clamp(&answer.authority[index]) }
        guard entriesPerGeneration > 0, let lifetime = lifetime(of: answer), lifetime > 0 else { return answer }
        let expiry = now.advanced(by: .seconds(Int64(lifetime)))
        let entry = Entry(
            answer, received: now, expiry: expiry, end: expiry.advanced(by: stale),
            renewal: isRenewing ? Self.renewal(lifetime).map { expiry.advanced(by: .zero - $0) } : nil,
            bytes: Self.bytes(of: answer))
        guard entry.bytes <= bytesPerGeneration else { return answer }
        generations.withLock { generations in
            generations.old[key] = nil
            insert(entry, key, &generations)
        }
        return answer
    }

    private func insert(_ entry: Entry, _ key: Key, _ generations: inout Generations) {
        if let before = generations.young.updateValue(entry, forKey: key) { generations.youngBytes -= before.bytes }
        generations.youngBytes += entry.bytes
        if generations.young.count >= entriesPerGeneration || generations.youngBytes >= bytesPerGeneration {
            generations.old = generations.young
            generations.young = [:]
            generations.youngBytes = 0
        }
    }

    /// Forgets everything.
    public func removeAll() {
        generations.withLock { $0 = Generations() }
        // Only then: who sees the number finds nothing of before.
        forgotten.add(1, ordering: .releasing)
    }

    /// How often everything was forgotten.
    var epoch: Int { forgotten.load(ordering: .acquiring) }

    /// How many answers are kept, those that outlived their time included.
    public var count: Int { generations.withLock { $0.young.count + $0.old.count } }

    /// How long before its end an answer is renewed: in the last tenth of its time, and a second at least. What lives for
    /// a second is not: it would be asked for as often as upstreams answer.
    private static func renewal(_ lifetime: UInt32) -> Duration? {
        lifetime > 1 ? max(.seconds(Int64(lifetime)) / 10, .seconds(1)) : nil
    }

    private func clamp(_ record: inout ResourceRecord) {
        record.ttl = min(max(record.ttl, ttl.lowerBound), ttl.upperBound)
    }

    /// How long an answer may be kept, in seconds; nil if it must not be.
    private func lifetime(of answer: Answer) -> UInt32? {
        let records = answer.answers.map(\.ttl).min()
        let authority = answer.authority.lazy.compactMap { record in
            record.startOfAuthority.map { min(record.ttl, $0.minimum) }
        }.first
        switch (answer.responseCode, authority) {
        // An alias whose target has no such record has both.
        case (.noError, .some(let negative)): return min(records ?? negative, negative)
        case (.noError, nil): return records
        case (.nameError, .some(let negative)): return min(records ?? negative, negative)
        default: return nil
        }
    }

    private static func bytes(of answer: Answer) -> Int {
        let own = 96 + (answer.upstreamError?.text.utf8.count ?? 0)
        return (answer.answers + answer.authority).reduce(own) { $0 + 96 + $1.name.octets.count + $1.data.count }
    }
}
