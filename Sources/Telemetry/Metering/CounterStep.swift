import Model

/// From the counters of one look to those of the next.
struct CounterStep {
    /// What moved in between.
    let bytes: TrafficBytes
    /// What to count from next.
    let counters: TrafficBytes
    /// Whether the counters are not those of the look before.
    let isAnew: Bool

    init(from before: CounterBaseline?, to reading: TrafficMeter.Reading, isRecreated: Bool) {
        guard let before else {
            // What flowed before anyone looked can't be dated; what a pass has just created began at zero.
            bytes = isRecreated ? reading.counters : TrafficBytes()
            counters = reading.counters
            isAnew = true
            return
        }
        var present = reading.counters
        if case .interface = reading.subject, !isRecreated, reading.incarnation == before.incarnation {
            present.received = Self.steady(present.received, before: before.counters.received)
            present.sent = Self.steady(present.sent, before: before.counters.sent)
        }
        // A handshake that went back is none of the signs: after a clock was set back, every handshake is earlier than the
        // one before, of the same counters.
        isAnew =
            isRecreated || reading.incarnation != before.incarnation
            || present.received < before.counters.received || present.sent < before.counters.sent
            || before.lastHandshake != nil && reading.lastHandshake == nil
        bytes =
            isAnew
            ? present
            : TrafficBytes(
                received: present.received - before.counters.received, sent: present.sent - before.counters.sent)
        counters = present
    }

    /// The counter, or the one before where it is but a little smaller than that.
    private static func steady(_ counter: UInt64, before: UInt64) -> UInt64 {
        counter < before && before - counter <= TrafficMeter.unsteadiness ? before : counter
    }
}
