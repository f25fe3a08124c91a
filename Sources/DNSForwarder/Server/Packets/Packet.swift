internal import DNSPolicy
internal import Glibc
internal import Model

/// A finished answer, which answers every equal query of the same client while it stands. For one thread.
final class Packet {
    /// Who asked.
    let asker: Asker
    /// The query without its id.
    private let query: [UInt8]
    /// Until when it stands at the latest; nil: as long as the revision.
    private let expiry: ContinuousClock.Instant?
    /// When its records were received, if their time runs.
    private let received: ContinuousClock.Instant?
    /// What the log says of it; nil where nothing is logged.
    private let facts: LoggedQuery.Facts?
    private let isBlocked: Bool
    private let isFromCache: Bool
    private var answer: [UInt8]
    /// The age in seconds that the times to live in `answer` are for.
    private var age: UInt32
    /// Where the times to live are.
    private let places: [Int]

    /// The answer to a query.
    ///
    /// - Parameter message: the query as it came.
    init(_ asked: AskedQuery, _ message: Span<UInt8>, _ resolution: Resolution) {
        asker = asked.asker
        query = message.array(2..<message.count)
        expiry = resolution.expiry
        received = resolution.received
        facts = asker.isLogged ? LoggedQuery.Facts(QueryLogRow(asked, resolution, nil)) : nil
        isBlocked = resolution.isBlocked
        isFromCache = resolution.origin == .cache
        age = resolution.age
        answer = asked.encoded(resolution.answer, age: age)
        places = received == nil ? [] : Self.timePlaces(answer.span)
    }

    /// Whether this is the answer to a message of a client.
    func answers(_ message: Span<UInt8>, of asker: Asker, now: ContinuousClock.Instant) -> Bool {
        guard asker === self.asker, message.count == query.count + 2 else { return false }
        if let expiry, now >= expiry { return false }
        return unsafe message.withUnsafeBytes { message in
            unsafe query.withUnsafeBytes { query in
                guard let message = message.baseAddress, let query = query.baseAddress else { return false }
                return unsafe memcmp(message + 2, query, self.query.count) == 0
            }
        }
    }

    /// The answer with the id of a message, counted and logged.
    func answer(
        to message: Span<UInt8>, time: Timestamp, since start: ContinuousClock.Instant, _ service: QueryService,
        _ counters: inout ForwarderCounters
    ) -> [UInt8] {
        counters.answered += 1
        if isBlocked { counters.blocked += 1 }
        if isFromCache { counters.cacheHits += 1 }
        if let facts { service.record(LoggedQuery(facts, time: time, since: start)) }
        answer[0] = message[0]
        answer[1] = message[1]
        if let received { grow(to: UInt32(clamping: received.duration(to: start).components.seconds)) }
        return answer
    }

    private func grow(to age: UInt32) {
        guard age > self.age else { return }
        for place in places {
            let left = answer.span.uint32(at: place)
            let passed = min(age - self.age, left)
            answer.store(uint32: left - passed, at: place)
        }
        self.age = age
    }

    /// Where the times to live of the records of an answer stand, which was written here.
    private static func timePlaces(_ answer: Span<UInt8>) -> [Int] {
        var places: [Int] = []
        var cursor = WireCursor(answer, offset: Header.length)
        do throws(WireFault) {
            _ = try cursor.question(in: answer)
            while cursor.remaining > 0 {
                try cursor.skipName(in: answer)
                let place = cursor.offset + 4
                let record = try cursor.recordHeader(in: answer)
                if record.type != .opt { places.append(place) }
                try cursor.skip(record.length)
            }
        } catch {
            // An own answer is whole.
            preconditionFailure("an answer that was written can't be read: \(error)")
        }
        return places
    }
}
