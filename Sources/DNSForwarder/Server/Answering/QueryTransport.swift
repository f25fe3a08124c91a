/// The way a query came by, which says how long its answer may be.
enum QueryTransport: Sendable {
    case datagram
    case stream

    /// The most octets of the answer.
    func limit(_ query: ClientQuery) -> Int { self == .datagram ? query.udpLimit : Answer.tcpLimit }
}
