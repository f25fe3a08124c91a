import Model

/// What one subject moved in one hour or day.
struct TrafficSums: Sendable, Equatable {
    var bytes = TrafficBytes()
    var peak = TrafficBytes()
    var connected: Int64 = 0

    static func += (a: inout TrafficSums, b: TrafficSums) {
        a.bytes += b.bytes
        a.peak = TrafficBytes(received: max(a.peak.received, b.peak.received), sent: max(a.peak.sent, b.peak.sent))
        a.connected += b.connected
    }

    func point(at time: Timestamp) -> TrafficHistory.Point {
        TrafficHistory.Point(time: time, bytes: bytes, peak: peak, connectedSeconds: connected)
    }
}

extension TrafficBytes {
    /// In bits per second; stays at the largest number.
    func rate(seconds: Int) -> TrafficBytes {
        let divisor = UInt64(max(1, seconds))
        let bits = { (bytes: UInt64) in
            let (high, low) = bytes.multipliedFullWidth(by: 8)
            return high < divisor ? divisor.dividingFullWidth((high, low)).quotient : .max
        }
        return TrafficBytes(received: bits(received), sent: bits(sent))
    }
}
