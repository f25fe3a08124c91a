import Model

/// What a look adds to the time during which a session lived, or an interface was up.
struct Session {
    /// The time that no look before told of; nil: none.
    let span: ConnectedSpan?
    /// Until when time is counted from now on.
    let until: Timestamp?

    /// Of a peer. A session lives for 180 s from its handshake, so that handshakes tell of it, not how often one looks.
    init(
        ofPeer before: CounterBaseline?, handshake raw: Timestamp?, step: CounterStep, isRecreated: Bool,
        in sample: TrafficSample
    ) {
        guard let raw, before == nil || raw != before?.lastHandshake else {
            span = nil
            until = before?.connectedUntil
            return
        }
        let life = TrafficMeter.sessionSeconds
        // The clock was set back since: the handshake was no later than now.
        let handshake = min(raw, sample.time)
        // No time can be counted further ahead than a handshake of now reaches, unless the clock was set back.
        let counted = before?.connectedUntil.flatMap { $0 > sample.time.advanced(bySeconds: life) ? nil : $0 }
        var start = max(handshake, counted ?? handshake)
        if let before {
            if !step.isAnew, let counted, let last = before.lastHandshake {
                // Who looks seldom misses handshakes of a session that never ended.
                let distance = handshake.seconds - last.seconds
                let longest = Int64(sample.seconds) + TrafficMeter.rekeySeconds
                if distance > life, distance <= longest { start = min(start, counted) }
            }
        } else if !isRecreated {
            // The first look at all: what was before is not ours.
            start = sample.time
        }
        let end = handshake.advanced(bySeconds: life)
        span = start < end ? ConnectedSpan(start: start, end: end) : nil
        until = max(end, counted ?? end)
    }

    /// Of an interface: it was up from the look before until this one if both show it up.
    init(ofInterface before: CounterBaseline?, isUp: Bool, wasUp: Bool, in sample: TrafficSample) {
        guard isUp else {
            span = nil
            until = before?.connectedUntil
            return
        }
        until = sample.time
        guard wasUp else {
            span = nil
            return
        }
        let seconds = Int64(sample.seconds)
        var start = sample.time.advanced(bySeconds: -seconds)
        // Both clocks are cut to whole seconds. Beyond that the clock was set, and the steady one says how long it was.
        if let last = before?.connectedUntil, abs(last.seconds - start.seconds) <= 2 { start = last }
        span = start < sample.time ? ConnectedSpan(start: start, end: sample.time) : nil
    }
}
