/// The UDP endpoint of a peer or gateway: a literal address or a host name, and a port.
public struct Endpoint: Hashable, Sendable {
    /// Where the endpoint is.
    public enum Host: Hashable, Sendable {
        /// A literal address.
        case address(IPAddress)
        /// A name that is resolved outside the pass; lower case, without a trailing dot.
        case name(String)
    }

    /// The host.
    public let host: Host
    /// The UDP port, 1...65535.
    public let port: UInt16

    /// An endpoint at a literal address or name.
    public init(host: Host, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// The address when the host is a literal, else nil.
    public var socketAddress: SocketAddress? {
        if case .address(let address) = host { SocketAddress(address, port: port) } else { nil }
    }
}

extension Endpoint: CustomStringConvertible, LosslessStringConvertible {
    /// Parses `192.0.2.1:51820`, `[2001:db8::1]:51820` or `vpn.example.com:51820`; port 0 is refused.
    public init?(_ description: String) {
        let text = Array(description.utf8)
        guard let colon = text.lastIndex(of: UInt8(ascii: ":")), let port = Self.port(text[(colon + 1)...]) else {
            return nil
        }
        let host = text[..<colon]
        if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]"), host.count > 2 {
            guard let address = IPAddress(text: host.dropFirst().dropLast()), address.family == .ipv6 else {
                return nil
            }
            self.init(host: .address(address), port: port)
        } else if let address = IPAddress(text: host) {
            guard address.family == .ipv4 else { return nil }
            self.init(host: .address(address), port: port)
        } else if let name = HostName(text: host) {
            self.init(host: .name(name.value), port: port)
        } else {
            return nil
        }
    }

    static func port(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard (1...5).contains(digits.count), digits.first != UInt8(ascii: "0"),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return UInt16(String(decoding: digits, as: UTF8.self))
    }

    /// The form ``init(_:)`` parses.
    public var description: String {
        switch host {
        case .address(let address): SocketAddress(address, port: port).description
        case .name(let name): "\(name):\(port)"
        }
    }
}

/// A literal address and a UDP port.
public struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address.
    public let address: IPAddress
    /// The port, 1...65535.
    public let port: UInt16

    /// An address and port.
    @inlinable public init(_ address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// `192.0.2.1:51820` or `[2001:db8::1]:51820`.
    public var description: String { address.family == .ipv4 ? "\(address):\(port)" : "[\(address)]:\(port)" }
}
