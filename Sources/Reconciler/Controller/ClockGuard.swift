import Model

/// Decides at which instant expiry is judged. A clock that was set back un-expires nobody, because enforced expiries are
/// recorded; one that jumped ahead must not expire many peers at once without somebody's consent.
struct ClockGuard {
    /// What a pass goes by.
    struct Judgement: Equatable {
        /// The instant expiry is judged at.
        var instant: Timestamp
        /// What is held back, for approval.
        var refusal: RailRefusal?
    }

    private var last: (wall: Timestamp, uptime: Duration)?
    /// How far the clock stands ahead of the time that expiry is judged at, in seconds.
    private var ahead: Int64 = 0

    /// A smaller jump is a correction, not an accident.
    static let tolerance: Int64 = 60

    /// Judges the clock's `wall` time. `expiries` are those of enabled peers, ascending, without the enforced ones.
    mutating func judge(
        wall: Timestamp, uptime: Duration, expiries: [(at: Timestamp, peer: PeerID)], enforced: [PeerID: Timestamp],
        peers: Int, limits: Settings.Reconcile, approvals: Set<String>, digest: any Digest
    ) -> Judgement {
        if let last {
            let jump = wall.seconds - last.wall.seconds - (uptime - last.uptime).components.seconds
            if abs(jump) > Self.tolerance { ahead = max(0, ahead + jump) }
        }
        last = (wall, uptime)
        guard ahead > Self.tolerance else {
            ahead = 0
            return Judgement(instant: wall)
        }
        let expected = wall.advanced(bySeconds: -ahead)
        let due = expiries.filter { $0.at > expected && $0.at <= wall && enforced[$0.peer] != $0.at }
        let isMany =
            peers >= Rails.smallKind
            && (due.count > limits.maxDeletes || due.count * 100 > peers * limits.maxDeletesPercent)
        var form = CanonicalForm()
        form.append("clock-jump")
        for key in due.map(\.peer.publicKey).sorted() { form.append(key.bytes) }
        let name = digest.digest(form.bytes).short
        guard isMany, !approvals.contains(name) else {
            ahead = 0
            return Judgement(instant: wall)
        }
        return Judgement(
            instant: expected,
            refusal: RailRefusal(
                rail: "clock-jump",
                message:
                    "the clock jumped ahead and \(due.count) of \(peers) peers would expire at once; check the clock, or approve it",
                digest: name, changes: []))
    }
}
