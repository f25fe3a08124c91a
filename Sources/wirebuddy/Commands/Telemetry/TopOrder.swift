import ArgumentParser
import Model

/// The order of peers.
enum TopOrder: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// Who moves the most right now.
    case rate
    /// From whom most was received.
    case rx
    /// To whom most was sent.
    case tx
    /// By interface and name.
    case name
    /// Whose last handshake is the newest.
    case handshake

    /// The one that follows it.
    var next: TopOrder {
        let all = Self.allCases
        return all.firstIndex(of: self).map { all[($0 + 1) % all.count] } ?? .rate
    }

    /// The rows in this order; equal ones by interface and name.
    func sorted(_ rows: [TopTable.Row]) -> [TopTable.Row] {
        rows.map { (key: key($0), row: $0) }.sorted {
            if $0.key != $1.key { return $0.key > $1.key }
            return $0.row.peer.fullName.utf8.lexicographicallyPrecedes($1.row.peer.fullName.utf8)
        }.map(\.row)
    }

    private func key(_ row: TopTable.Row) -> UInt64 {
        switch self {
        case .rate: row.rate?.total ?? 0
        case .rx: row.peer.bytes.received
        case .tx: row.peer.bytes.sent
        case .name: 0
        case .handshake: UInt64(max(0, row.peer.lastHandshake?.value.seconds ?? 0))
        }
    }
}
