public import Model

/// For whom filtering is paused, and until when. A pause is no desired state: it lives in the database and is not drift.
public struct FilteringPause: Sendable, Hashable {
    /// The end of a pause for everybody.
    public var everybody: Timestamp?
    /// The ends of pauses of single peers by `interface/name`.
    public var peers: [String: Timestamp] = [:]

    /// No pause.
    public init() {}

    /// The first time after `time` at which a pause ends.
    public func nextEnd(after time: Timestamp) -> Timestamp? {
        var ends = Array(peers.values)
        if let everybody { ends.append(everybody) }
        return ends.filter { $0 > time }.min()
    }

    /// The end of the pause that a client has at `time`; nil if it has none.
    func end(for client: PolicyClient, at time: Timestamp) -> Timestamp? {
        var end = everybody
        if !peers.isEmpty, let own = peers["\(client.interface)/\(client.peer)"] { end = max(end ?? own, own) }
        guard let end, time < end else { return nil }
        return end
    }
}
