internal import DNSPolicy
internal import Model

/// The finished answers of one thread, found by the octets of a query and who asks (a packet cache).
///
/// It stands above the policy, so it holds only what one revision said about one client: another revision, the end of
/// a rule or a pause, and forgotten answers of upstreams empty it.
final class PacketCache {
    /// The most answers. When they are that many, all are forgotten: those that are asked for come back.
    static let capacity = 16_384
    /// How long queries are, in octets; longer ones carry what changes each time.
    static let lengths = Header.length...320

    private var packets: [Int: Packet] = [:]
    private var seen = SeenKeys()
    private var revision: Revision?
    private var epoch = 0
    /// The civil times in which no rule or pause ends.
    private var times = Timestamp(seconds: 0)..<Timestamp(seconds: 0)

    /// Forgets what no longer holds: what is found after this holds at `time` and in this revision.
    func open(_ revision: Revision, at time: Timestamp) {
        let epoch = revision.cache.epoch
        if revision === self.revision, epoch == self.epoch, times.contains(time) { return }
        packets = [:]
        self.revision = revision
        self.epoch = epoch
        times = time..<max(revision.pipeline.nextEnd(after: time), time.advanced(bySeconds: 1))
    }

    /// The answer to a message of a client, if it was answered before.
    func packet(for message: Span<UInt8>, of asker: Asker, now: ContinuousClock.Instant) -> Packet? {
        guard Self.lengths.contains(message.count), let packet = packets[Self.key(message, asker)] else { return nil }
        return packet.answers(message, of: asker, now: now) ? packet : nil
    }

    /// How many answers there are.
    var count: Int { packets.count }

    /// Whether the answer to a message is worth keeping: it was asked for before. Most names are asked for once, and
    /// keeping their answers would cost more than it spares.
    func wants(_ message: Span<UInt8>, of asker: Asker) -> Bool {
        Self.lengths.contains(message.count) && seen.note(Self.key(message, asker))
    }

    /// Keeps an answer that it wants.
    func keep(_ packet: Packet, for message: Span<UInt8>) {
        if packets.count >= Self.capacity { packets.removeAll(keepingCapacity: true) }
        packets[Self.key(message, packet.asker)] = packet
    }

    private static func key(_ message: Span<UInt8>, _ asker: Asker) -> Int {
        var hasher = Hasher()
        hasher.combine(ObjectIdentifier(asker))
        unsafe message.extracting(2...).withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
