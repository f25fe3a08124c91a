extension DomainName {
    /// Where each label of a name starts in its octets: the offset of the length octet, leftmost label first, the
    /// root's not included. Walking it allocates nothing.
    public struct LabelStarts: Sequence, IteratorProtocol, Sendable {
        private let octets: [UInt8]
        private var offset = 0

        init(_ octets: [UInt8]) { self.octets = octets }

        /// The next label's start; nil at the root.
        public mutating func next() -> Int? {
            let start = offset
            let length = Int(octets[start])
            guard length > 0 else { return nil }
            offset = start + 1 + length
            return start
        }
    }

    /// The starts of the labels; the octets from each on are a name above this one, the first is the name itself.
    public var labelStarts: LabelStarts { LabelStarts(octets) }

    /// The number of labels without the root's: 0...127.
    public var labelCount: Int {
        var count = 0
        forEachSuffix { _ in count += 1 }
        return count - 1
    }

    /// Calls `body` with the start in ``octets`` of this name, of each name above it, and last of the root.
    public func forEachSuffix<Failure>(_ body: (_ start: Int) throws(Failure) -> Void) throws(Failure) {
        var start = 0
        while true {
            try body(start)
            let length = Int(octets[start])
            if length == 0 { return }
            start += 1 + length
        }
    }

    /// The name that is left without that many labels on the left; the root when there are no more.
    public func suffix(droppingLabels count: Int) -> DomainName {
        precondition(count >= 0, "a negative number of labels")
        var start = 0
        for _ in 0..<count where octets[start] > 0 { start += 1 + Int(octets[start]) }
        return start == 0 ? self : DomainName(validated: Array(octets[start...]))
    }

    /// The name above this one; nil for the root.
    public var parent: DomainName? { isRoot ? nil : suffix(droppingLabels: 1) }

    /// Whether this name is `other` or lies below it. Every name lies below the root.
    public func isSubdomain(of other: DomainName) -> Bool {
        let boundary = octets.count - other.octets.count
        guard boundary >= 0 else { return false }
        var start = 0
        while start < boundary { start += 1 + Int(octets[start]) }
        guard start == boundary else { return false }
        for index in other.octets.indices where octets[boundary + index] != other.octets[index] { return false }
        return true
    }

    /// This name with `suffix` in the place of the root: `www` and `example.com` give `www.example.com`; nil when that
    /// is over 255 octets.
    public func appending(_ suffix: DomainName) -> DomainName? {
        guard octets.count - 1 + suffix.octets.count <= Self.maximumLength else { return nil }
        return DomainName(validated: octets.dropLast() + suffix.octets)
    }
}
