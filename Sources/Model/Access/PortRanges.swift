/// A set of ports, 0 to 65535.
public struct PortRanges: Sendable, Hashable {
    /// The ranges, ascending, with gaps between them.
    public private(set) var ranges: [ClosedRange<UInt16>]

    /// The ports of these ranges, in any order.
    public init(_ ranges: some Sequence<ClosedRange<UInt16>> = []) {
        self.ranges = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            // As wider integers: the port after 65535 is none.
            if let last = self.ranges.last, UInt32(range.lowerBound) <= UInt32(last.upperBound) + 1 {
                self.ranges[self.ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                self.ranges.append(range)
            }
        }
    }

    /// Every port.
    public static let all = PortRanges([0...UInt16.max])

    /// Whether there is no port.
    public var isEmpty: Bool { ranges.isEmpty }

    /// Whether the port is one of them.
    public func contains(_ port: UInt16) -> Bool { ranges.contains { $0.contains(port) } }

    /// The ports of both.
    public func union(_ other: PortRanges) -> PortRanges { PortRanges(ranges + other.ranges) }

    /// The ports without those of another set.
    public func subtracting(_ other: PortRanges) -> PortRanges {
        var left = ranges
        for cut in other.ranges {
            left = left.flatMap { range -> [ClosedRange<UInt16>] in
                guard range.overlaps(cut) else { return [range] }
                var parts: [ClosedRange<UInt16>] = []
                if range.lowerBound < cut.lowerBound { parts.append(range.lowerBound...(cut.lowerBound - 1)) }
                if range.upperBound > cut.upperBound { parts.append((cut.upperBound + 1)...range.upperBound) }
                return parts
            }
        }
        return PortRanges(left)
    }
}
