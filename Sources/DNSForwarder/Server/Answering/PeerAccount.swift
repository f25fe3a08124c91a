internal import Model
internal import Synchronization

/// How much one peer asks, whatever listeners and addresses it asks by. All who are no peer have one together.
final class PeerAccount: Sendable {
    /// The most queries of a peer that wait for upstreams.
    static let mostPending = 256
    /// The most TCP connections of a peer.
    static let mostConnections = 8

    private struct State {
        var limit: DNSSettings.RateLimit
        var bucket: TokenBucket
        var pending = 0
        var connections = 0
    }

    private let state: Mutex<State>

    init(_ limit: DNSSettings.RateLimit) { state = Mutex(State(limit: limit, bucket: Self.bucket(limit))) }

    private static func bucket(_ limit: DNSSettings.RateLimit) -> TokenBucket {
        TokenBucket(perSecond: limit.perSecond, burst: limit.burst, now: .now)
    }

    /// Another limit from now on; an equal one changes nothing.
    func setLimit(_ limit: DNSSettings.RateLimit) {
        state.withLock { state in
            guard state.limit != limit else { return }
            state.limit = limit
            state.bucket = Self.bucket(limit)
        }
    }

    /// Whether a query may be answered.
    func admit(now: ContinuousClock.Instant) -> Bool { state.withLock { $0.bucket.take(now: now) } }

    /// Whether a query may wait for an upstream; then ``endWait()`` follows.
    func beginWait() -> Bool {
        state.withLock { state in
            guard state.pending < Self.mostPending else { return false }
            state.pending += 1
            return true
        }
    }

    func endWait() { state.withLock { $0.pending -= 1 } }

    /// Whether a connection may be taken; then ``endConnection()`` follows.
    func beginConnection() -> Bool {
        state.withLock { state in
            guard state.connections < Self.mostConnections else { return false }
            state.connections += 1
            return true
        }
    }

    func endConnection() { state.withLock { $0.connections -= 1 } }
}

/// The accounts of all peers: as many as the configuration has peers, whatever comes.
final class PeerAccounts: Sendable {
    private let accounts = Mutex<[String: PeerAccount]>([:])

    /// The account of a peer, `interface/name`; of nil: of everybody else on an interface.
    func account(of peer: String?, on interface: String, _ limit: DNSSettings.RateLimit) -> PeerAccount {
        let key = peer ?? interface
        return accounts.withLock { accounts in
            if let account = accounts[key] { return account }
            let account = PeerAccount(limit)
            accounts[key] = account
            return account
        }
    }

    /// Forgets all but these, and gives those their limit.
    func keep(_ keys: Set<String>, _ limit: DNSSettings.RateLimit) {
        accounts.withLock { accounts in
            accounts = accounts.filter { keys.contains($0.key) }
            for account in accounts.values { account.setLimit(limit) }
        }
    }
}
