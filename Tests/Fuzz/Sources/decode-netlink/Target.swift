import Fuzzing

@testable import Netlink

/// What libFuzzer calls with each input: a datagram as the kernel may send it.
///
/// Nothing traps, walking ends, and prefixes are no longer than their addresses. What can be written is read again as the
/// same: addresses, routes and rules from their requests, devices of WireGuard from the messages that set them.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let datagram = unsafe input(data, size)
    let bytes = unsafe datagram.span.bytes
    var device = WireGuardDevice(index: 0, name: "")
    var messages = MessageCursor()
    var end = 0
    while let message = try? messages.next(in: bytes) {
        guard message.start >= end, message.end >= message.start, message.end <= datagram.count else {
            broken("a message outside of the datagram", datagram)
        }
        end = message.end
        decode(message, bytes, datagram)
        // What was read of a device before the fault is of no use, as for the socket.
        var more = device
        if (try? more.merge(message, in: bytes)) != nil { device = more }
    }
    RoundTrip.check(device, datagram)
    converse(datagram)
    return 0
}

/// Each decoder on one message, whatever its type says.
private func decode(_ message: Message, _ bytes: RawSpan, _ datagram: [UInt8]) {
    _ = try? Link(decoding: message, in: bytes, withStatistics: true)
    _ = try? Netconf(decoding: message, in: bytes)
    _ = try? GenericFamily(decoding: message, in: bytes)
    _ = try? RulesetGeneration(decoding: message, in: bytes)
    if let socket = try? InetSocket(decoding: message, in: bytes),
        socket.local.address.family != socket.remote.address.family
    {
        broken("a socket between two families", datagram)
    }
    _ = try? ExtendedAck(error: message, in: bytes)
    _ = try? ExtendedAck(done: message, in: bytes)
    if let connection = try? Connection(decoding: message, in: bytes),
        connection.original.source.family != connection.original.destination.family
    {
        broken("a connection between two families", datagram)
    }
    if let address = try? Address(decoding: message, in: bytes) { RoundTrip.check(address, datagram) }
    if let route = try? Route(decoding: message, in: bytes, cached: true) { RoundTrip.check(route, datagram) }
    if let rule = try? Rule(decoding: message, in: bytes) { RoundTrip.check(rule, datagram) }
}

/// The datagram as the answer to a question, and as an event.
private func converse(_ datagram: [UInt8]) {
    guard datagram.count >= 16 else { return }
    switch Int(datagram[4]) | Int(datagram[5]) << 8 {
    case 16, 17: _ = try? RouteSocket(OneAnswer(datagram)).links()
    case 20, 21:
        _ = try? RouteSocket(OneAnswer(datagram)).addresses()
        _ = try? DiagnosticSocket(OneAnswer(datagram)).sockets(.tcp, in: [.established, .listening])
    case 24, 25: _ = try? RouteSocket(OneAnswer(datagram)).routes(RouteFilter(family: .ipv4))
    case 32, 33: _ = try? RouteSocket(OneAnswer(datagram)).rules()
    case 80, 81: _ = try? RouteSocket(OneAnswer(datagram)).netconf(.ipv6)
    case 0x0A0F: _ = try? NetfilterSocket(OneAnswer(datagram)).generation()
    case 0x0100: try? NetfilterSocket(OneAnswer(datagram)).connections { _ in }
    default: _ = try? GenericSocket(OneAnswer(datagram)).family(named: "wireguard")
    }
    _ = try? EventSocket(OneAnswer(datagram, isAddressed: false)).receive()
}
