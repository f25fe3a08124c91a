internal import Glibc

/// A domain name in its uncompressed wire form (RFC 1035 3.1), with ASCII letters in lower case (RFC 4343).
///
/// One array holds the name, so that reading one from a packet costs one allocation. Labels may hold any octets.
public struct DomainName: Sendable {
    /// The longest name in octets, length octets and the final zero included (RFC 1035 2.3.4).
    public static let maximumLength = 255
    /// The longest label in octets (RFC 1035 2.3.4).
    public static let maximumLabelLength = 63

    /// The root: a single zero octet.
    public static let root = DomainName(validated: [0])

    /// Length octet and octets of each label, leftmost first, then the root's zero octet: 1...255 octets.
    public let octets: [UInt8]

    /// A name from its wire form, which must be the whole of `wire`; nil for a compression pointer, a label over 63
    /// octets, a name over 255, a missing final zero, or octets behind it. Letters are folded to lower case.
    public init?(wire: Span<UInt8>) {
        guard Self.isName(wire) else { return nil }
        octets = Array(capacity: wire.count) { output in
            for index in wire.indices { output.append(wire[index].foldedASCII) }
        }
    }

    /// A name from its wire form; the rules of ``init(wire:)-(Span<UInt8>)``.
    public init?(wire: some Collection<UInt8>) {
        let octets = Array(wire)
        self.init(wire: octets.span)
    }

    /// A name from its labels, leftmost first and without the root's; nil when a label is empty or over 63 octets, or
    /// the name over 255. No label at all is the root.
    public init?(labels: some Sequence<some Collection<UInt8>>) {
        var octets: [UInt8] = []
        for label in labels {
            guard (1...Self.maximumLabelLength).contains(label.count) else { return nil }
            octets.append(UInt8(label.count))
            for octet in label { octets.append(octet.foldedASCII) }
            guard octets.count < Self.maximumLength else { return nil }
        }
        octets.append(0)
        self.octets = octets
    }

    /// A name from octets that are known to be a whole name in lower case.
    package init(validated octets: [UInt8]) { self.octets = octets }

    /// A name from octets that are known to be a whole name; they are shared, not copied, when in lower case already.
    package init(folding octets: [UInt8]) {
        // A length octet is at most 63 and so never looks like a letter.
        if octets.allSatisfy({ $0 == $0.foldedASCII }) {
            self.octets = octets
        } else {
            self.octets = octets.map(\.foldedASCII)
        }
    }

    /// Whether this is the root.
    public var isRoot: Bool { octets.count == 1 }

    /// Whether the octets are exactly one uncompressed name.
    package static func isName(_ wire: Span<UInt8>) -> Bool {
        guard wire.count <= maximumLength else { return false }
        var offset = 0
        while offset < wire.count {
            let length = Int(wire[offset])
            offset += 1 + length
            if length == 0 { return offset == wire.count }
            guard length <= maximumLabelLength else { return false }
        }
        return false
    }
}

extension DomainName: Hashable {
    /// Compares the octets at once: `Array` would compare them one by one.
    public static func == (a: Self, b: Self) -> Bool {
        guard a.octets.count == b.octets.count else { return false }
        return unsafe a.octets.withUnsafeBytes { left in
            unsafe b.octets.withUnsafeBytes { right in
                guard let left = left.baseAddress, let other = right.baseAddress else { return true }
                return unsafe memcmp(left, other, right.count) == 0
            }
        }
    }

    /// Feeds the octets at once: `Array` would feed them one by one.
    public func hash(into hasher: inout Hasher) {
        unsafe octets.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }
}

extension UInt8 {
    /// The octet with an ASCII capital letter made small; other octets are kept (RFC 4343).
    @inlinable package var foldedASCII: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }
}
