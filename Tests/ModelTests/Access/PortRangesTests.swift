import Model
import Testing

@Suite("Port ranges")
struct PortRangesTests {
    /// Ports at both ends and near each other, so that ranges meet, touch and lie in one another.
    private static let ports = Array(0...12) + Array(65_530...65_535) as [UInt16]

    private func random(_ generator: inout SeededGenerator) -> [ClosedRange<UInt16>] {
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in
            let ends = (0..<2).map { _ in Self.ports[Int.random(in: 0..<Self.ports.count, using: &generator)] }.sorted()
            return ends[0]...ends[1]
        }
    }

    @Test("agree with sets of ports")
    func againstSets() {
        var generator = SeededGenerator(seed: 80)
        for _ in 0..<1000 {
            let (first, second) = (random(&generator), random(&generator))
            let (one, other) = (PortRanges(first), PortRanges(second))
            for port in Self.ports + [13, 1000, 65_529] {
                let isInFirst = first.contains { $0.contains(port) }
                let isInSecond = second.contains { $0.contains(port) }
                #expect(one.contains(port) == isInFirst)
                #expect(one.union(other).contains(port) == (isInFirst || isInSecond))
                #expect(one.subtracting(other).contains(port) == (isInFirst && !isInSecond))
            }
            for set in [one, one.union(other), one.subtracting(other)] {
                let hasGaps = zip(set.ranges, set.ranges.dropFirst()).allSatisfy { left, right in
                    Int(left.upperBound) + 1 < Int(right.lowerBound)
                }
                #expect(hasGaps, "\(set.ranges)")
            }
            #expect(one.isEmpty == first.isEmpty)
            #expect(one.subtracting(one).isEmpty && one.subtracting(.all).isEmpty)
        }
    }

    @Test("ranges that touch are one, also at the last port")
    func touching() {
        #expect(PortRanges([443...443, 80...80, 81...442]).ranges == [80...443])
        #expect(PortRanges([0...65_534, 65_535...65_535]) == .all)
        #expect(PortRanges([65_535...65_535, 5...65_535]).ranges == [5...65_535])
        #expect(PortRanges.all.subtracting(PortRanges([0...0, 65_535...65_535])).ranges == [1...65_534])
    }
}
