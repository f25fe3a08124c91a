import FoundationEssentials
import Model

/// The baselines of all subjects as bytes.
enum BaselineBytes {
    static func pack(_ baselines: [Int64: CounterBaseline]) -> Data {
        var writer = ByteWriter()
        var last: Int64 = 0
        let epoch = Timestamp(seconds: 0)
        for (subject, baseline) in baselines.sorted(by: { $0.key < $1.key }) {
            writer.put(UInt64(subject - last))
            writer.put(baseline.counters)
            writer.put(baseline.incarnation)
            writer.put(optional: baseline.lastHandshake, from: epoch)
            writer.put(optional: baseline.connectedUntil, from: baseline.lastHandshake ?? epoch)
            last = subject
        }
        return Data(writer.bytes)
    }

    static func unpack(_ data: Data) throws(DamagedHistory) -> [Int64: CounterBaseline] {
        var reader = ByteReader(data)
        var baselines: [Int64: CounterBaseline] = [:]
        var subject: Int64 = 0
        let epoch = Timestamp(seconds: 0)
        while !reader.isAtEnd {
            subject = try reader.subject(after: subject)
            var baseline = CounterBaseline(counters: try reader.trafficBytes(), incarnation: try reader.number())
            baseline.lastHandshake = try reader.optionalTime(from: epoch)
            baseline.connectedUntil = try reader.optionalTime(from: baseline.lastHandshake ?? epoch)
            baselines[subject] = baseline
        }
        return baselines
    }
}
