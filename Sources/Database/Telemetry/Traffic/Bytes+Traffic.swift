import Model

extension ByteWriter {
    mutating func put(_ bytes: TrafficBytes) {
        put(bytes.received)
        put(bytes.sent)
    }

    /// A time by its distance to another one, the sign in the lowest bit.
    mutating func put(_ time: Timestamp, from origin: Timestamp) {
        let distance = time.seconds &- origin.seconds
        put(UInt64(bitPattern: (distance << 1) ^ (distance >> 63)))
    }

    /// A time that may be missing: 1 and its distance, or 0.
    mutating func put(optional time: Timestamp?, from origin: Timestamp) {
        put(time == nil ? 0 : 1)
        if let time { put(time, from: origin) }
    }
}

extension ByteReader {
    mutating func trafficBytes() throws(DamagedHistory) -> TrafficBytes {
        TrafficBytes(received: try number(), sent: try number())
    }

    mutating func time(from origin: Timestamp) throws(DamagedHistory) -> Timestamp {
        let coded = try number()
        let seconds = origin.seconds &+ (Int64(coded >> 1) ^ -Int64(coded & 1))
        guard SampleBytes.times.contains(seconds) else { throw DamagedHistory() }
        return Timestamp(seconds: seconds)
    }

    mutating func optionalTime(from origin: Timestamp) throws(DamagedHistory) -> Timestamp? {
        switch try number() {
        case 0: return nil
        case 1: return try time(from: origin)
        default: throw DamagedHistory()
        }
    }

    mutating func span(from origin: Timestamp) throws(DamagedHistory) -> ConnectedSpan {
        let start = try time(from: origin)
        let length = try number()
        guard length <= UInt64(HourlyTraffic.longestSpan) else { throw DamagedHistory() }
        return ConnectedSpan(start: start, end: start.advanced(bySeconds: Int64(length)))
    }

    /// The number of a subject that is larger than the last one.
    mutating func subject(after last: Int64) throws(DamagedHistory) -> Int64 {
        let step = try number()
        guard step > 0, step < 1 << 40, last < 1 << 40 else { throw DamagedHistory() }
        return last + Int64(step)
    }
}
