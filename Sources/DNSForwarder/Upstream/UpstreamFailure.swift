/// Why an attempt to ask an upstream gave no answer.
enum UpstreamFailure: Error, Hashable, Sendable {
    /// The time of the query was over.
    case timedOut
    /// Nobody waits any more.
    case cancelled
    /// The query has been sent as often as it may be.
    case exhausted
    /// All connections are full.
    case overloaded
    /// It can't be reached: no socket, no route, connection refused.
    case unreachable(String)
    /// The connection was closed before the answer.
    case connectionLost
    /// TLS failed: the certificate is for another name or signed by nobody known, or the version is too old.
    case notSecure(String)

    /// Whether it tells something about the upstream.
    var isOfUpstream: Bool {
        switch self {
        case .timedOut, .unreachable, .connectionLost, .notSecure: true
        case .cancelled, .exhausted, .overloaded: false
        }
    }
}

extension UpstreamFailure: CustomStringConvertible {
    /// The failure in one line, without any name that was asked for.
    var description: String {
        switch self {
        case .timedOut: "no answer in time"
        case .cancelled: "cancelled"
        case .exhausted: "asked too often"
        case .overloaded: "all connections are full"
        case .unreachable(let reason): "not reachable: \(reason)"
        case .connectionLost: "connection closed before the answer"
        case .notSecure(let reason): "TLS failed: \(reason)"
        }
    }
}
