import FoundationEssentials
import Model

/// The entries of a sample as bytes: about nine for one whose counters went on from where they were.
enum SampleBytes {
    /// What follows the number of an entry's subject.
    private struct Parts: OptionSet {
        let rawValue: UInt64
        static let bytes = Parts(rawValue: 1)
        static let connected = Parts(rawValue: 2)
        /// The counters did not go on by the bytes, or are others.
        static let counters = Parts(rawValue: 4)
        static let handshake = Parts(rawValue: 8)
        static let until = Parts(rawValue: 16)
        static let all: Parts = [.bytes, .connected, .counters, .handshake, .until]
    }

    /// Times beyond these are nobody's.
    static let times: ClosedRange<Int64> = -(1 << 48)...1 << 48

    /// The entry without what no clock shows: it could not be read again.
    static func storable(_ entry: TrafficSample.Entry) -> TrafficSample.Entry {
        var entry = entry
        let isSane = { (time: Timestamp) in times.contains(time.seconds) }
        if let time = entry.baseline.lastHandshake, !isSane(time) { entry.baseline.lastHandshake = nil }
        if let time = entry.baseline.connectedUntil, !isSane(time) { entry.baseline.connectedUntil = nil }
        if let span = entry.connected {
            let isKept = isSane(span.start) && isSane(span.end)
            let start = max(span.start.seconds, isKept ? span.end.seconds - HourlyTraffic.longestSpan : 0)
            entry.connected = isKept ? ConnectedSpan(start: Timestamp(seconds: start), end: span.end) : nil
        }
        return entry
    }

    /// Packs entries, in the order of their subjects' numbers.
    ///
    /// - Parameter baselines: What each baseline was before; those of the entries take their place.
    static func pack(
        _ entries: [(subject: Int64, entry: TrafficSample.Entry)], time: Timestamp,
        _ baselines: inout [Int64: CounterBaseline]
    ) -> Data {
        var writer = ByteWriter()
        var last: Int64 = 0
        for (subject, entry) in entries {
            let expected = expected(baselines[subject], entry.bytes)
            let baseline = entry.baseline
            var parts: Parts = entry.bytes.isZero ? [] : .bytes
            if entry.connected != nil { parts.insert(.connected) }
            if expected.counters != baseline.counters || expected.incarnation != baseline.incarnation {
                parts.insert(.counters)
            }
            if expected.lastHandshake != baseline.lastHandshake { parts.insert(.handshake) }
            if expected.connectedUntil != baseline.connectedUntil { parts.insert(.until) }
            writer.put(UInt64(subject - last))
            writer.put(parts.rawValue)
            if parts.contains(.bytes) { writer.put(entry.bytes) }
            if let span = entry.connected {
                writer.put(span.start, from: time)
                writer.put(UInt64(span.seconds))
            }
            if parts.contains(.counters) {
                writer.put(baseline.counters)
                writer.put(baseline.incarnation)
            }
            if parts.contains(.handshake) { writer.put(optional: baseline.lastHandshake, from: time) }
            if parts.contains(.until) { writer.put(optional: baseline.connectedUntil, from: time) }
            baselines[subject] = baseline
            last = subject
        }
        return Data(writer.bytes)
    }

    /// Takes apart what ``pack(_:time:_:)`` put together, one entry after another.
    static func unpack(
        _ data: Data, time: Timestamp, _ baselines: inout [Int64: CounterBaseline], subjects: [Int64: TrafficSubject],
        _ body: (Int64, TrafficSample.Entry) -> Void
    ) throws(DamagedHistory) {
        var reader = ByteReader(data)
        var number: Int64 = 0
        while !reader.isAtEnd {
            number = try reader.subject(after: number)
            let parts = Parts(rawValue: try reader.number())
            guard let subject = subjects[number], Parts.all.isSuperset(of: parts) else { throw DamagedHistory() }
            let bytes = parts.contains(.bytes) ? try reader.trafficBytes() : TrafficBytes()
            let connected = parts.contains(.connected) ? try reader.span(from: time) : nil
            var baseline = expected(baselines[number], bytes)
            if parts.contains(.counters) {
                baseline.counters = try reader.trafficBytes()
                baseline.incarnation = try reader.number()
            }
            if parts.contains(.handshake) { baseline.lastHandshake = try reader.optionalTime(from: time) }
            if parts.contains(.until) { baseline.connectedUntil = try reader.optionalTime(from: time) }
            baselines[number] = baseline
            body(number, TrafficSample.Entry(subject: subject, bytes: bytes, connected: connected, baseline: baseline))
        }
    }

    /// The baseline after these bytes if nothing else happened.
    private static func expected(_ last: CounterBaseline?, _ bytes: TrafficBytes) -> CounterBaseline {
        var baseline = last ?? CounterBaseline(counters: TrafficBytes(), incarnation: 0)
        baseline.counters = TrafficBytes(
            received: baseline.counters.received &+ bytes.received, sent: baseline.counters.sent &+ bytes.sent)
        return baseline
    }
}
