internal import CLibMnl
internal import Glibc

extension InetSocket {
    /// Length of `struct inet_diag_msg`: four bytes, `struct inet_diag_sockid` (48), five integers.
    private static let headerLength = 72

    /// Decodes a socket; nil for a state or family that nobody asked for. Ports and addresses are in network byte order.
    init?(decoding message: Message, in bytes: RawSpan) throws(NetlinkError) {
        try message.require(Self.headerLength, "a socket")
        let start = message.start
        guard let family = NetlinkFamily(rawValue: bytes.load(at: start)),
            let state = State(rawValue: bytes.load(at: start + 1))
        else { return nil }
        func endpoint(portAt port: Int, addressAt address: Int) -> NetlinkEndpoint {
            let (port, place) = (start + port, start + address)
            let value: NetlinkAddress =
                switch family {
                case .ipv4: .ipv4(UInt32(bigEndian: bytes.load(at: place)))
                case .ipv6:
                    .ipv6(UInt64(bigEndian: bytes.load(at: place)), UInt64(bigEndian: bytes.load(at: place + 8)))
                }
            return NetlinkEndpoint(address: value, port: UInt16(bigEndian: bytes.load(at: port)))
        }
        self.init(
            local: endpoint(portAt: 4, addressAt: 8), remote: endpoint(portAt: 6, addressAt: 24), state: state,
            inode: bytes.load(at: start + 68))
    }

    // ss -a, of one family and protocol
    static func dumpRequest(_ family: NetlinkFamily, _ protocolNumber: UInt8, _ states: Set<State>) -> MessageBuilder {
        var request = MessageBuilder(type: Int(SOCK_DIAG_BY_FAMILY))
        // struct inet_diag_req_v2: family, protocol, extensions, padding, states as bits, an id that names no socket.
        request.append(family.rawValue)
        request.append(protocolNumber)
        request.append(UInt16(0))
        request.append(states.reduce(UInt32(0)) { $0 | 1 << UInt32($1.rawValue) })
        for _ in 0..<12 { request.append(UInt32(0)) }
        return request
    }
}
