import Model

/// Notices objects that somebody undoes again and again, and heals those more slowly.
struct FlapGuard {
    private var heals: [ChangeKey: [Duration]] = [:]
    private var stalled: [ChangeKey: (until: Duration, backoff: Duration)] = [:]

    /// More heals than this within ``window`` are a fight.
    static let limit = 5
    static let window: Duration = .seconds(600)
    private static let firstBackoff: Duration = .seconds(60)
    private static let longestBackoff: Duration = .seconds(600)

    /// Why an object is left alone for now, or nil.
    func hold(_ key: ChangeKey, at now: Duration) -> String? {
        guard let entry = stalled[key], now < entry.until else { return nil }
        return Self.message(key.object)
    }

    /// Counts one heal.
    mutating func healed(_ key: ChangeKey, at now: Duration) {
        var times = heals[key, default: []].filter { now - $0 < Self.window }
        times.append(now)
        heals[key] = times
        if let entry = stalled[key] {
            let backoff = min(entry.backoff * 2, Self.longestBackoff)
            stalled[key] = (now + backoff, backoff)
        } else if times.count > Self.limit {
            stalled[key] = (now + Self.firstBackoff, Self.firstBackoff)
        }
    }

    /// Forgets what has been quiet for a whole window after its backoff.
    mutating func forgetQuiet(at now: Duration) {
        guard !heals.isEmpty else { return }
        heals = heals.filter { key, times in
            if let entry = stalled[key] { return now < entry.until + Self.window }
            return times.contains { now - $0 < Self.window }
        }
        stalled = stalled.filter { heals[$0.key] != nil }
    }

    /// The objects that are fought over, with the likely other writer.
    var flapping: [ObjectID: String] {
        Dictionary(stalled.keys.map { ($0.object, Self.message($0.object)) }) { first, _ in first }
    }

    /// The earliest instant a held object is healed again.
    func next(after now: Duration) -> Duration? { stalled.values.lazy.map(\.until).filter { $0 > now }.min() }

    /// Who may write an object that stalled, because it is healed again and again.
    func likelyWriter(of object: ObjectID) -> LikelyWriter? {
        guard stalled.keys.contains(where: { $0.object == object }) else { return nil }
        return LikelyWriter(
            name: Self.likelyWriter(of: object), evidence: "it was healed more than \(Self.limit) times in 10 minutes")
    }

    private static func message(_ object: ObjectID) -> String {
        "healed more than \(limit) times in 10 minutes, so something else writes it (\(likelyWriter(of: object))); stop that one, or stop declaring it here"
    }

    private static func likelyWriter(of object: ObjectID) -> String {
        switch object.kind {
        case .interface: "NetworkManager, systemd-networkd, ifupdown or wg-quick"
        case .peer: "wg syncconf, wg-quick or another WireGuard front end"
        case .route, .rule: "NetworkManager, systemd-networkd or a routing daemon"
        case .access, .forward, .firewall: "nftables.service, firewalld, ufw, Docker or a script with flush ruleset"
        case .sysctl: "systemd-sysctl, systemd-networkd, Docker or a script"
        case .user, .settings, .dnsSettings, .blocklist, .dnsRule: "another program that writes the state database"
        }
    }
}

/// An object as changes name it: peers that share a name for a moment differ by key.
struct ChangeKey: Hashable {
    let object: ObjectID
    let publicKey: PublicKey?

    init(_ change: Change) {
        object = change.object
        publicKey = change.publicKey
    }
}
