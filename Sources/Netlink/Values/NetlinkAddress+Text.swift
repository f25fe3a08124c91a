extension NetlinkAddress: CustomStringConvertible {
    /// Dotted decimal, or eight hexadecimal groups without zero compression: for error texts, not for people's files.
    public var description: String {
        switch self {
        case .ipv4(let value): "\(value >> 24).\(value >> 16 & 255).\(value >> 8 & 255).\(value & 255)"
        case .ipv6(let high, let low): "\(Self.groups(high)):\(Self.groups(low))"
        }
    }

    private static func groups(_ half: UInt64) -> String {
        stride(from: 48, through: 0, by: -16)
            .map { String(half >> UInt64($0) & 0xffff, radix: 16) }
            .joined(separator: ":")
    }
}

extension NetlinkPrefix: CustomStringConvertible {
    /// The address, a slash, the length.
    public var description: String { "\(address)/\(length)" }
}
