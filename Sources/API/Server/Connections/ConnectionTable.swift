import Model
import NIOCore
import Synchronization

/// The open connections. When there are too many, the one goes that has waited longest of those that never showed who
/// they are, then of the known ones; a connection whose request is being answered stays. Where nothing can go, the new
/// one is refused.
final class ConnectionTable: Sendable {
    private let limits: ServerLimits
    private let trustedProxies: [Prefix]
    private let state: Mutex<State>

    init(_ limits: ServerLimits, trustedProxies: [Prefix]) {
        self.limits = limits
        self.trustedProxies = trustedProxies
        state = Mutex(State())
    }

    /// Takes a new connection in; nil: it is refused. May close another one.
    func admit(_ channel: any Channel, _ origin: Connection.Origin, isSecure: Bool) -> Connection? {
        let address: AddressBlock? =
            switch origin {
            case .remote(let address) where trustedProxies.contains { $0.contains(address) }: nil
            case .remote(let address), .scraper(let address): AddressBlock(address)
            case .local: nil
            }
        let (connection, evicted) = state.withLock { state -> (Connection?, Connection?) in
            guard !state.isStopping else { return (nil, nil) }
            var evicted: Connection?
            if case .local = origin {
                guard state.localCount < limits.localConnections else { return (nil, nil) }
            } else if let address, state.counts[address, default: 0] >= limits.connectionsPerAddress {
                evicted = state.evict(of: address)
                if evicted == nil { return (nil, nil) }
            } else if state.remoteCount >= limits.connections {
                evicted = state.evict(of: nil)
                if evicted == nil { return (nil, nil) }
            }
            let slot = state.freeSlot()
            let connection = Connection(channel, origin, isSecure: isSecure, slot: slot, table: self)
            state.insert(connection, address)
            return (connection, evicted)
        }
        evicted?.channel.close(mode: .all, promise: nil)
        return connection
    }

    /// The number of connections that are open.
    var count: Int { state.withLock { $0.remoteCount + $0.localCount } }

    /// Takes no more connections in, and returns those that are open.
    func stop() -> [Connection] {
        state.withLock { state in
            state.isStopping = true
            return state.connections
        }
    }

    /// Those that are open.
    var open: [Connection] { state.withLock { $0.connections } }

    func begin(_ connection: Connection) {
        state.withLock { state in
            guard state.holds(connection) else { return }
            state.unlink(connection.slot)
            state.slots[connection.slot].answers += 1
        }
    }

    func end(_ connection: Connection) {
        state.withLock { state in
            guard state.holds(connection) else { return }
            state.slots[connection.slot].answers -= 1
            if state.slots[connection.slot].answers == 0 { state.link(connection.slot) }
        }
    }

    func setKnown(_ connection: Connection) {
        state.withLock { state in
            guard state.holds(connection) else { return }
            // Only connections that are being answered become known, and those stand in no queue.
            state.slots[connection.slot].isKnown = true
        }
    }

    func remove(_ connection: Connection) {
        state.withLock { $0.remove(connection) }
    }
}
