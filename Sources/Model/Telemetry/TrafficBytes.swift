/// Bytes of both directions, as the gateway sees them.
public struct TrafficBytes: Sendable, Hashable {
    /// Bytes that came from the peer, or in at the interface.
    public var received: UInt64
    /// Bytes that went to the peer, or out at the interface.
    public var sent: UInt64

    /// A pair of counts.
    @inlinable public init(received: UInt64 = 0, sent: UInt64 = 0) {
        self.received = received
        self.sent = sent
    }

    /// Their sum; stays at the largest number.
    @inlinable public var total: UInt64 {
        let (sum, isOver) = received.addingReportingOverflow(sent)
        return isOver ? .max : sum
    }

    /// Whether nothing moved.
    @inlinable public var isZero: Bool { received == 0 && sent == 0 }

    /// Adds another pair; each count stays at the largest number.
    @inlinable public static func += (a: inout TrafficBytes, b: TrafficBytes) {
        let (received, isOver) = a.received.addingReportingOverflow(b.received)
        let (sent, isAlsoOver) = a.sent.addingReportingOverflow(b.sent)
        a = TrafficBytes(received: isOver ? .max : received, sent: isAlsoOver ? .max : sent)
    }
}
