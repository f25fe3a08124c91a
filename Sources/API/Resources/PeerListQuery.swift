import Gateway
import HTTPTypes
import Model

/// Which peers a list shows, and in which order.
struct PeerListQuery {
    private let interface: String?
    private let status: PeerStatus?
    private let search: String?
    private let owner: String?
    private let label: (key: String, value: String?)?
    private let sort: (field: SortField, isReversed: Bool)?
    private let page: Paging
    private let limit: Int

    private enum SortField: String, CaseIterable {
        case name, interface, ip, status
        case lastHandshake = "last_handshake"
        case transferReceived = "transfer_rx"
        case transferSent = "transfer_tx"
    }

    private static let statusWords = ["active", "inactive"] + PeerStatus.allCases.map(\.rawValue)
    private static let sortWords = SortField.allCases.map(\.rawValue).flatMap { [$0, "-\($0)"] }

    /// - Throws: ``APIFailure``, 400.
    init(_ request: APIRequest) throws(APIFailure) {
        page = try Paging(request.query)
        limit = page.limit ?? 50
        interface = try request.text("interface", maximum: 15)
        owner = try request.text("owner", maximum: 32)
        search = try request.text("search", maximum: 128).flatMap { $0.isEmpty ? nil : $0.lowercased() }
        status = try request.word("status", of: Self.statusWords).flatMap(PeerStatus.init(filter:))
        let order = try request.word("sort", of: Self.sortWords)
        sort = order.flatMap { order in
            SortField(rawValue: String(order.drop { $0 == "-" })).map { ($0, order.hasPrefix("-")) }
        }
        label = try request.text("label", maximum: 320).map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (parts[0], parts.count == 2 ? parts[1] : nil)
        }
    }

    /// The page as the contract shows it: rows are copied, not rendered, and pages of all peers not even copied.
    func response(in state: ResourceState, for principal: Principal) throws(APIFailure) -> APIResponse {
        let headers: HTTPFields = [.revision: state.declared.revision]
        if let found = positions(in: state, scope: PeerScope(principal, state)) {
            return APIResponse(
                status: .ok, headers: headers, bytes: bytes(of: found, in: state), contentType: "application/json")
        }
        let kept = state.peers.page(PeerRows.Page(offset: page.offset, limit: limit)) { bytes(of: nil, in: state) }
        return APIResponse(status: .ok, headers: headers, kept: kept, contentType: "application/json")
    }

    /// The page of these peers; nil: of all.
    private func bytes(of found: [Int]?, in state: ResourceState) -> [UInt8] {
        let total = found?.count ?? state.index.peers.count
        let start = min(page.offset, total)
        let range = start..<min(start + limit, total)
        let numbers =
            "\"total\":\(total),\"limit\":\(limit),\"offset\":\(page.offset)}"
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count * 1024 + 128)
        bytes += "{\"success\":true,\"data\":{\"peers\":[".utf8
        if let found { state.peers.append(found[range], to: &bytes) } else { state.peers.append(range, to: &bytes) }
        bytes += "],".utf8
        bytes += numbers.utf8
        bytes += ",".utf8
        bytes += numbers.utf8
        return bytes
    }

    /// The peers that are shown, in order; nil: all of them in the order of the index.
    private func positions(in state: ResourceState, scope: PeerScope) -> [Int]? {
        let index = state.index
        var found: [Int]?
        if let owner = scope.owner { found = index.positions(ownedBy: owner) }
        if let owner {
            let owned = index.positions(ownedBy: owner)
            found = found.map { seen in owned.filter(Set(seen).contains) } ?? owned
        }
        if let interface {
            let range = index.positions(of: interface)
            found = found.map { $0.filter(range.contains) } ?? Array(range)
        }
        if let search {
            found = (found ?? Array(index.peers.indices)).filter { Self.matches(index.peers[$0].peer, search) }
        }
        if let label {
            found = (found ?? Array(index.peers.indices)).filter { position in
                guard let value = index.peers[position].peer.labels[label.key] else { return false }
                return label.value.map { $0 == value } ?? true
            }
        }
        if let status {
            found = (found ?? Array(index.peers.indices)).filter { state.peers.status(at: $0) == status }
        }
        guard let sort else { return found }
        return sorted(found ?? Array(index.peers.indices), by: sort, in: state)
    }

    private static func matches(_ peer: Peer, _ text: String) -> Bool {
        peer.name.lowercased().contains(text) || peer.dnsName.contains(text)
            || peer.ip.contains { $0.description.contains(text) }
            || peer.publicKey.description.lowercased().contains(text)
            || peer.description.lowercased().contains(text)
    }

    /// Equal ones stay in the order of the index, reversed or not.
    private func sorted(
        _ positions: [Int], by sort: (field: SortField, isReversed: Bool), in state: ResourceState
    ) -> [Int] {
        func ordered<Key: Comparable>(_ key: (Int) -> Key) -> [Int] {
            positions.map { (key: key($0), position: $0) }.sorted {
                if $0.key != $1.key { return ($0.key < $1.key) != sort.isReversed }
                return $0.position < $1.position
            }.map(\.position)
        }
        let index = state.index
        switch sort.field {
        case .name: return ordered { ByteOrder(index.peers[$0].peer.name.lowercased()) }
        case .interface: return ordered { ByteOrder(index.peers[$0].peer.interface) }
        case .ip: return ordered { index.peers[$0].peer.ip.first.map(OptionalKey.some) ?? .none }
        case .status: return ordered { state.peers.status(at: $0).rawValue }
        case .lastHandshake: return ordered { state.peers.seen(at: $0)?.lastHandshake?.seconds ?? .min }
        case .transferReceived: return ordered { state.peers.seen(at: $0)?.receivedBytes ?? 0 }
        case .transferSent: return ordered { state.peers.seen(at: $0)?.sentBytes ?? 0 }
        }
    }
}

/// A text ordered by its bytes.
private struct ByteOrder: Comparable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    static func < (left: ByteOrder, right: ByteOrder) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    static func == (left: ByteOrder, right: ByteOrder) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }
}

/// A value that may be missing; without comes first.
private enum OptionalKey<Value: Comparable>: Comparable {
    case none
    case some(Value)
}
