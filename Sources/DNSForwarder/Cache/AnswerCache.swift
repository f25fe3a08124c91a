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
        /// When it is no longer in the cache.
        let expiry: ContinuousClock.Instant
    }

    private final class Entry: Sendable {
        let answer: Answer
        let received: ContinuousClock.Instant
        let lifetime: UInt32
        let bytes: Int

        init(_ answer: Answer, received: ContinuousClock.Instant, lifetime: UInt32, bytes: Int) {
            self.answer = answer
            self.received = received
            self.lifetime = lifetime
            self.bytes = bytes
        }
    }

    private struct Generations {
        var young: [Key: Entry] = [:]
        var old: [Key: Entry] = [:]
        var youngBytes = 0
    }

    private let generations = Mutex(Generations())
    private let forgotten = Atomic(0)
    private let entriesPerGeneration: Int
    private let bytesPerGeneration: Int
    private let ttl: ClosedRange<UInt32>

    /// A cache.
    ///
    /// - Parameters:
    ///   - maxEntries: no more answers than this are kept; 0 keeps none.
    ///   - maxBytes: no more bytes of records than this are kept.
    ///   - ttl: the range in seconds that an answer's time is brought into.
    public init(maxEntries: Int, maxBytes: Int, ttl: ClosedRange<UInt32>) {
        entriesPerGeneration = maxEntries / 2
        bytesPerGeneration = maxBytes / 2
        self.ttl = ttl
    }

    /// The answer for a key, if there is one that has not outlived its time.
    public func answer(for key: Key, now: ContinuousClock.Instant) -> Hit? {
        generations.withLock { generations in
            if let entry = generations.young[key] { return Self.hit(entry, now) }
            guard let entry = generations.old.removeValue(forKey: key) else { return nil }
            guard let hit = Self.hit(entry, now) else { return nil }
            insert(entry, key, &generations)
            return hit
        }
    }

    private static func hit(_ entry: Entry, _ now: ContinuousClock.Instant) -> Hit? {
        let age = max(entry.received.duration(to: now).components.seconds, 0)
        guard age < Int64(entry.lifetime) else { return nil }
        return Hit(
            answer: entry.answer, age: UInt32(age), received: entry.received,
            expiry: entry.received.advanced(by: .seconds(Int64(entry.lifetime))))
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
        let entry = Entry(answer, received: now, lifetime: lifetime, bytes: Self.bytes(of: answer))
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
