import Glibc
import Model

/// Echo requests by sockets that need no privilege (man 7 icmp): the kernel gives them their identifier and checksum, and
/// passes only answers to it.
enum EchoProbe {
    /// RFC 792 and RFC 4443: the types of a request and of its answer.
    private static func types(_ family: AddressFamily) -> (request: UInt8, reply: UInt8) {
        family == .ipv4 ? (8, 0) : (128, 129)
    }

    private static let headerLength = 8

    /// Pings all addresses at once, until one answers.
    static func ping(_ addresses: [IPAddress], until end: ContinuousClock.Instant) -> ProbeOutcome {
        // Who does not get the request can't answer it.
        let token = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
        var sockets = SocketProbe()
        for address in addresses {
            let number = address.family == .ipv4 ? Int(IPPROTO_ICMP) : Int(IPPROTO_ICMPV6)
            sockets.add(address, SOCK_DGRAM.rawValue, protocol: number, events: POLLIN, refused: refusal) {
                send(token, to: address, $0)
            }
        }
        return sockets.wait(until: end) { news($0, token) }
    }

    private static func refusal(_ error: Int32) -> String? {
        guard error == EACCES || error == EPERM else { return nil }
        return "this host does not let it ping: no group of wirebuddy is in the sysctl net.ipv4.ping_group_range"
    }

    private static func send(_ token: [UInt8], to address: IPAddress, _ descriptor: Int32) -> Int32 {
        let status = unsafe SocketPlace.with(address, port: 0) { unsafe connect(descriptor, $0, $1) }
        guard status == 0 else { return errno }
        // Type, code, checksum, identifier, sequence number; the kernel fills in the third and fourth.
        let message: [UInt8] = [types(address.family).request, 0, 0, 0, 0, 0, 0, 1] + token
        return unsafe Glibc.send(descriptor, message, message.count, Int32(MSG_NOSIGNAL)) < 0 ? errno : 0
    }

    private static func news(_ descriptor: Int32, _ token: [UInt8]) -> SocketProbe.News {
        var buffer = [UInt8](repeating: 0, count: 512)
        let count = unsafe recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        guard count >= 0 else {
            return [EAGAIN, EINTR].contains(errno) ? .nothing : .failure(SocketProbe.reason(errno))
        }
        let replies = [types(.ipv4).reply, types(.ipv6).reply]
        let isOurs = replies.contains(buffer[0]) && Array(buffer[..<count].dropFirst(headerLength)) == token
        return isOurs ? .answer : .nothing
    }
}
