internal import DNSPolicy
internal import Model

/// Answers what comes in by one device, on one thread: at once where it was answered before, or where policy, local
/// names or cache know the answer.
///
/// Messages come in bursts. All of a burst are answered by the same revision, and seen as taken at the same instant.
final class QueryDesk {
    /// What becomes of a message.
    enum Outcome {
        case none
        case answer([UInt8])
        /// The answer is had by waiting.
        case later(PendingAnswer)
    }

    /// More addresses than this are not remembered: a peer may ask from any of a whole prefix.
    private static let mostAskers = 4096

    private let service: QueryService
    private let device: String
    private let packets: PacketCache?
    private var revision: Revision?
    private var askers: [IPAddress: Asker] = [:]
    /// Who asked last: mostly the one who asks next.
    private var last: (source: IPAddress, asker: Asker)?
    private var counters = ForwarderCounters()
    private var time = Timestamp(seconds: 0)
    private var now = ContinuousClock.now

    /// A desk.
    ///
    /// - Parameter packets: the finished answers of its thread; nil keeps none.
    init(_ service: QueryService, device: String, packets: PacketCache? = nil) {
        self.service = service
        self.device = device
        self.packets = packets
    }

    /// Begins a burst.
    func open() {
        let current = service.revision
        if current !== revision {
            revision = current
            askers.removeAll(keepingCapacity: true)
            last = nil
        }
        time = service.clock.now()
        now = .now
        if let revision { packets?.open(revision, at: time) }
    }

    /// Ends a burst.
    func close() {
        service.count(counters)
        counters = ForwarderCounters()
    }

    /// Whose connection this is; nil if nobody is served.
    func account(of source: IPAddress) -> PeerAccount? { revision.map { asker(source, $0).account } }

    /// Notes a connection that was taken, or was not.
    func note(connection isTaken: Bool) {
        if isTaken { counters.connections += 1 } else { counters.refusedConnections += 1 }
    }

    /// Answers a message.
    func take(_ message: Span<UInt8>, from source: IPAddress, over transport: QueryTransport) -> Outcome {
        counters.queries += 1
        guard let revision else {
            counters.dropped += 1
            return .none
        }
        let asker = asker(source, revision)
        let mayAsk = asker.account.admit(now: now)
        if !mayAsk, transport == .datagram {
            counters.rateLimited += 1
            return .none
        }
        if let packet = packets?.packet(for: message, of: asker, now: now) {
            return .answer(packet.answer(to: message, time: time, since: now, service, &counters))
        }
        switch IncomingQuery(message) {
        case .ignore:
            counters.dropped += 1
            return .none
        case .reject(let rejection):
            counters.malformed += 1
            return .answer(rejection.encoded())
        case .query(let query), .minimalAny(let query):
            guard let client = asker.client else {
                // Never "no filter" for somebody unknown.
                counters.refusedUnknown += 1
                return .answer(refusal(query, transport))
            }
            guard mayAsk else {
                counters.rateLimited += 1
                return .answer(refusal(query, transport))
            }
            let asked = AskedQuery(
                query: query, asker: asker, client: client, transport: transport, time: time, start: now)
            return answer(asked, message, revision)
        }
    }

    private func answer(_ asked: AskedQuery, _ message: Span<UInt8>, _ revision: Revision) -> Outcome {
        switch revision.pipeline.begin(asked.query, from: asked.client, time: time, now: now) {
        case .done(let resolution):
            if let inquiry = resolution.renewal { renew(inquiry, asked, revision) }
            if let packets, packets.wants(message, of: asked.asker) {
                let packet = Packet(asked, message, resolution)
                packets.keep(packet, for: message)
                return .answer(packet.answer(to: message, time: time, since: now, service, &counters))
            }
            return .answer(asked.answer(resolution, service, &counters))
        case .ask(let inquiry) where asked.query.question.type == .any:
            // Everything about a name is asked of nobody (RFC 8482 4.2).
            let record = ResourceRecord.hinfo(asked.query.question.name, ttl: 3600)
            let resolution = Resolution(
                decision: inquiry.decision, answer: Answer(answers: [record]), age: 0, origin: .local)
            return .answer(asked.answer(resolution, service, &counters))
        case .ask(let inquiry):
            if asked.asker.account.beginWait() {
                return .later(PendingAnswer(asked: asked, inquiry: inquiry, revision: revision, service: service))
            }
            counters.overloaded += 1
            let resolution = Resolution(
                decision: inquiry.decision,
                answer: Answer(.serverFailure, error: ExtendedError(.other, "too many queries wait for an answer")),
                age: 0, origin: .failure)
            return .answer(asked.answer(resolution, service, &counters))
        }
    }

    private func renew(_ inquiry: Inquiry, _ asked: AskedQuery, _ revision: Revision) {
        let account = asked.asker.account
        guard account.beginWait() else { return }
        counters.renewed += 1
        let pending = PendingRenewal(inquiry: inquiry, account: account, revision: revision, service: service)
        Task { await pending.run() }
    }

    private func refusal(_ query: ClientQuery, _ transport: QueryTransport) -> [UInt8] {
        Answer(.refused, error: ExtendedError(.prohibited)).encoded(for: query, limit: transport.limit(query))
    }

    private func asker(_ source: IPAddress, _ revision: Revision) -> Asker {
        if let last, last.source == source { return last.asker }
        if let known = askers[source] {
            last = (source, known)
            return known
        }
        if askers.count >= Self.mostAskers { askers.removeAll(keepingCapacity: true) }
        let client = revision.pipeline.client(interface: device, address: source)
        let asker = Asker(client, on: device, revision, service.accounts)
        askers[source] = asker
        last = (source, asker)
        return asker
    }
}
