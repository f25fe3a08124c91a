import Model

/// Makes rates of what is seen again and again.
///
/// The daemon looks at the host when its last look is older than five seconds: asked more often it gives the same
/// counters, and the rate stays what it was.
struct TopMeter {
    private var peers: [String: Mark] = [:]
    private var interfaces: [String: Mark] = [:]

    /// The counters of a look.
    private struct Mark {
        let time: Timestamp
        let bytes: TrafficBytes
        let rate: TrafficBytes?
    }

    /// Takes what is seen, and adds the rates since the look before.
    mutating func take(_ look: TopLook) -> TopTable {
        var seenPeers: [String: Mark] = [:]
        seenPeers.reserveCapacity(look.peers.count)
        var seenInterfaces: [String: Mark] = [:]
        for peer in look.peers {
            seenPeers[peer.id] = Self.mark(peer.bytes, peer.observedAt, peers[peer.id])
        }
        for interface in look.interfaces {
            seenInterfaces[interface.name] = Self.mark(
                interface.observed.bytes, interface.observedAt, interfaces[interface.name])
        }
        (peers, interfaces) = (seenPeers, seenInterfaces)
        return TopTable(
            time: look.time, interfaces: look.interfaces.map { ($0, seenInterfaces[$0.name]?.rate) },
            peers: look.peers.map { TopTable.Row(peer: $0, rate: seenPeers[$0.id]?.rate) })
    }

    private static func mark(_ bytes: TrafficBytes, _ time: WrittenTime?, _ before: Mark?) -> Mark? {
        guard let time = time?.value else { return before }
        guard let before else { return Mark(time: time, bytes: bytes, rate: nil) }
        let seconds = time.seconds - before.time.seconds
        // The same look; or the clock was set back, and the time between them is not known.
        guard seconds > 0 else {
            return seconds == 0 ? before : Mark(time: time, bytes: bytes, rate: before.rate)
        }
        let rate = TrafficBytes(
            received: Self.rate(bytes.received, before.bytes.received, seconds),
            sent: Self.rate(bytes.sent, before.bytes.sent, seconds))
        return Mark(time: time, bytes: bytes, rate: rate)
    }

    /// Bits per second. A counter that is smaller than before began anew at zero.
    private static func rate(_ now: UInt64, _ before: UInt64, _ seconds: Int64) -> UInt64 {
        let bytes = now >= before ? now - before : now
        return UInt64(min(Double(bytes) * 8 / Double(seconds), Double(Int64.max) / 2).rounded())
    }
}

/// What is seen at once.
struct TopLook: Sendable {
    let time: Timestamp
    let interfaces: [SeenInterface]
    let peers: [SeenPeer]
}
