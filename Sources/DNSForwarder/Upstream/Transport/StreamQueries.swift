internal import NIOCore

/// The queries that are under way on one connection, by their ids.
struct StreamQueries {
    /// Who waits for an answer.
    typealias Waiter = CheckedContinuation<Result<Message, UpstreamFailure>, Never>

    /// A query on the connection. Ids are used again, so the id alone does not name it.
    struct Ticket: Hashable, Sendable {
        let id: UInt16
        fileprivate let serial: UInt64
    }

    /// What a message is.
    enum Match {
        case answer(Message, Waiter)
        /// The answer to a query that was given up.
        case late
        case mismatch
    }

    private struct Waiting {
        let ticket: Ticket
        let query: OutgoingQuery
        let waiter: Waiter
    }

    /// More queries that were given up are not remembered: their late answers count as mismatches then.
    private static let mostGivenUp = 256

    private var waiting: [UInt16: Waiting] = [:]
    private var givenUp: [UInt16: OutgoingQuery] = [:]
    private var serial: UInt64 = 0
    /// When the last message came, whatever it was; nil before the first.
    private(set) var lastHeard: NIODeadline?
    /// Since when an answer is owed and nothing came.
    private(set) var silentSince: NIODeadline?

    init() {}

    var count: Int { waiting.count }
    var isEmpty: Bool { waiting.isEmpty }

    /// Takes a query, under an id that no other has.
    mutating func add(_ request: UpstreamRequest, _ waiter: Waiter, now: NIODeadline) -> (Ticket, OutgoingQuery) {
        var id = UInt16.random(in: 0...UInt16.max)
        while waiting[id] != nil || givenUp[id] != nil { id &+= 1 }
        serial += 1
        let ticket = Ticket(id: id, serial: serial)
        let query = OutgoingQuery(stream: request, id: id)
        waiting[id] = Waiting(ticket: ticket, query: query, waiter: waiter)
        silentSince = silentSince ?? now
        return (ticket, query)
    }

    /// The query of a ticket; nil if nobody waits for it any more.
    func query(_ ticket: Ticket) -> OutgoingQuery? {
        waiting[ticket.id].flatMap { $0.ticket == ticket ? $0.query : nil }
    }

    /// Gives a query up, and returns who waited; nil if it is answered already.
    mutating func giveUp(_ ticket: Ticket) -> Waiter? {
        guard let found = waiting[ticket.id], found.ticket == ticket else { return nil }
        waiting[ticket.id] = nil
        if givenUp.count >= Self.mostGivenUp { givenUp = [:] }
        givenUp[ticket.id] = found.query
        return found.waiter
    }

    /// Finds the query that a message answers.
    mutating func match(_ message: [UInt8], now: NIODeadline) -> Match {
        lastHeard = now
        defer { silentSince = waiting.isEmpty ? nil : now }
        guard message.count >= 2, case let id = message.span.uint16(at: 0) else { return .mismatch }
        if let found = waiting[id] {
            guard case .answer(let answer) = found.query.verdict(on: message) else { return .mismatch }
            waiting[id] = nil
            return .answer(answer, found.waiter)
        }
        guard let query = givenUp[id], case .answer = query.verdict(on: message) else { return .mismatch }
        givenUp[id] = nil
        return .late
    }

    /// Gives all up, and returns who waited.
    mutating func removeAll() -> [Waiter] {
        defer { (waiting, givenUp) = ([:], [:]) }
        return waiting.values.map(\.waiter)
    }
}
