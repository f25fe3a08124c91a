import Model
import NIOCore
import Reconciler
import Synchronization

/// The peers of one state as JSON: each is rendered when somebody asks, once.
final class PeerRows: Sendable {
    private let index: DeclaredIndex
    private let observed: ObservedIndex
    private let revision: String
    /// When the state was made: what is connected, or expired, is judged by it.
    private let instant: Timestamp
    private let places: @Sendable (IPAddress) -> Place
    private let rows: Mutex<[[UInt8]]>
    private let pages = Mutex<[Page: ByteBuffer]>([:])
    private let counted = Mutex<[PeerStatus: Int]?>(nil)

    /// A page of all peers in the order of the index.
    struct Page: Hashable, Sendable {
        var offset: Int
        var limit: Int
    }

    /// How many pages are kept. The state is replaced within seconds: more are rarely asked for twice.
    private static let mostPages = 32

    init(
        _ index: DeclaredIndex, _ observed: ObservedIndex, revision: String, at instant: Timestamp,
        places: @escaping @Sendable (IPAddress) -> Place
    ) {
        self.places = places
        self.index = index
        self.observed = observed
        self.revision = revision
        self.instant = instant
        rows = Mutex(Array(repeating: [], count: index.peers.count))
    }

    /// Appends the peers at `positions`, separated by commas.
    func append(_ positions: some Collection<Int>, to bytes: inout [UInt8]) {
        rows.withLock { rows in
            var isFirst = true
            for position in positions {
                if rows[position].isEmpty { rows[position] = document(at: position).compactBytes() }
                if !isFirst { bytes.append(UInt8(ascii: ",")) }
                isFirst = false
                bytes += rows[position]
            }
        }
    }

    /// A page as it is sent: made when somebody asks, and kept.
    func page(_ page: Page, make: () -> [UInt8]) -> ByteBuffer {
        if let buffer = pages.withLock({ $0[page] }) { return buffer }
        let buffer = ByteBuffer(bytes: make())
        pages.withLock { pages in
            if pages.count < Self.mostPages { pages[page] = buffer }
        }
        return buffer
    }

    /// The peer at `position`.
    func document(at position: Int) -> JSONValue {
        let entry = index.peers[position]
        return PeerDocument(
            entry.peer, id: entry.id, status: status(at: position), seen: seen(at: position),
            place: place(of: seen(at: position)), standing: standing(at: position), takenAt: observed.takenAt
        ).json
    }

    /// Where a peer connects from; empty where nothing says so.
    func place(of seen: ObservedPeer?) -> Place { (seen?.endpoint?.address).map(places) ?? Place() }

    /// How many peers there are of each status.
    var counts: [PeerStatus: Int] {
        counted.withLock { counted in
            if let counted { return counted }
            let counts = Dictionary(index.peers.indices.map { (status(at: $0), 1) }, uniquingKeysWith: +)
            counted = counts
            return counts
        }
    }

    /// Whether the peer at `position` is connected, and if it may be.
    func status(at position: Int) -> PeerStatus {
        let peer = index.peers[position].peer
        return PeerStatus(of: peer, seen: seen(at: position), at: instant)
    }

    /// The peer at `position` as the host has it.
    func seen(at position: Int) -> ObservedPeer? {
        let peer = index.peers[position].peer
        return observed.peer(peer.publicKey, of: peer.interface)
    }

    private func standing(at position: Int) -> ObservedIndex.Standing {
        let peer = index.peers[position].peer
        guard let view = observed.view else { return .pending }
        if let trouble = observed.trouble(ObjectID(.peer, "\(peer.interface)/\(peer.name)")) { return trouble.standing }
        let isRevoked = !peer.enabled || peer.expiresAt.map { $0 <= instant } ?? false
        let isThere = seen(at: position) != nil
        if view.report.inForce == revision {
            return isThere != isRevoked ? .inSync : isRevoked ? .failed : .pending
        }
        // An older revision is in force: in sync is what it declares just the same.
        guard let enforced = view.catalog?.peer(peer.name, of: peer.interface), enforced.declaresTheSame(as: peer)
        else {
            return .pending
        }
        return isThere != isRevoked ? .inSync : .pending
    }
}

/// What a peer does at one moment.
enum PeerStatus: String, Sendable, CaseIterable {
    /// A handshake less than 180 s ago.
    case connected
    /// None.
    case idle
    /// It may not connect.
    case disabled
    /// It may not connect any more.
    case expired

    init(of peer: Peer, seen: ObservedPeer?, at instant: Timestamp) {
        if !peer.enabled {
            self = .disabled
        } else if let end = peer.expiresAt, end <= instant {
            self = .expired
        } else {
            self = seen?.isLive(at: instant) ?? false ? .connected : .idle
        }
    }

    /// The word of the filter: these, and `active` and `inactive`.
    init?(filter word: String) {
        switch word {
        case "active": self = .connected
        case "inactive": self = .idle
        default: self.init(rawValue: word)
        }
    }
}

extension Catalog {
    /// A peer by its name.
    fileprivate func peer(_ name: String, of interface: String) -> Peer? {
        var (low, high) = (0, peers.count)
        while low < high {
            let middle = (low + high) / 2
            let peer = peers[middle]
            let isBefore =
                peer.interface.utf8.elementsEqual(interface.utf8)
                ? peer.name.utf8.lexicographicallyPrecedes(name.utf8)
                : peer.interface.utf8.lexicographicallyPrecedes(interface.utf8)
            if isBefore { low = middle + 1 } else { high = middle }
        }
        guard low < peers.count, peers[low].name == name, peers[low].interface == interface else { return nil }
        return peers[low]
    }
}

extension Peer {
    /// Whether both documents say the same, wherever they stand.
    fileprivate func declaresTheSame(as other: Peer) -> Bool {
        var moved = other
        moved.location = location
        return self == moved
    }
}
