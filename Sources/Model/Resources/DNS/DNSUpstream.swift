/// A resolver that the forwarder asks: always a literal address, so that no name must be resolved to resolve names.
public struct DNSUpstream: Sendable, Hashable {
    /// How it is spoken to.
    public enum Scheme: String, Sendable, Hashable, CaseIterable {
        /// DNS over TLS (RFC 7858).
        case tls
        /// Plain DNS over UDP, and over TCP where an answer is too long.
        case udp
        /// Plain DNS over TCP alone.
        case tcp
    }

    /// How it is spoken to.
    public let scheme: Scheme
    /// Its address.
    public let address: IPAddress
    /// Its port, 1...65535.
    public let port: UInt16
    /// The name in its certificate, in lower case; nil for plain DNS.
    public let name: String?

    /// DNS over TLS with a server whose certificate holds this name.
    public init(tls address: IPAddress, port: UInt16, name: String) {
        scheme = .tls
        self.address = address
        self.port = port
        self.name = name
    }

    /// Plain DNS over UDP.
    public init(udp address: IPAddress, port: UInt16) {
        scheme = .udp
        self.address = address
        self.port = port
        name = nil
    }

    /// Plain DNS over TCP alone.
    public init(tcp address: IPAddress, port: UInt16) {
        scheme = .tcp
        self.address = address
        self.port = port
        name = nil
    }
}

extension DNSUpstream: CustomStringConvertible, LosslessStringConvertible {
    /// Parses `1.1.1.1@853#cloudflare-dns.com` (DNS over TLS, IPv6 without brackets), `udp://10.0.0.53:53` or
    /// `tcp://[fd00::53]:53`; port 0 and names in the place of addresses are refused.
    public init?(_ description: String) {
        let text = Array(description.utf8)
        for scheme in [Scheme.udp, .tcp] {
            let mark = Array("\(scheme.rawValue)://".utf8)
            guard text.starts(with: mark) else { continue }
            let rest = String(decoding: text.dropFirst(mark.count), as: UTF8.self)
            guard let place = Endpoint(rest)?.socketAddress else { return nil }
            if scheme == .udp {
                self.init(udp: place.address, port: place.port)
            } else {
                self.init(tcp: place.address, port: place.port)
            }
            return
        }
        guard let at = text.firstIndex(of: UInt8(ascii: "@")), let hash = text.firstIndex(of: UInt8(ascii: "#")),
            at < hash, let address = IPAddress(text: text[..<at]), let port = Endpoint.port(text[(at + 1)..<hash]),
            let name = HostName(text: text[(hash + 1)...])
        else { return nil }
        self.init(tls: address, port: port, name: name.value)
    }

    /// The form ``init(_:)`` parses.
    public var description: String {
        guard let name else { return "\(scheme.rawValue)://\(SocketAddress(address, port: port))" }
        return "\(address)@\(port)#\(name)"
    }
}
