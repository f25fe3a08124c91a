import Testing

@testable import Netlink

/// Bytes written as hexadecimal fields, one line per field with its meaning beside it.
func hex(_ fields: String...) -> [UInt8] {
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in fields.joined() where character != " " {
        guard let digit = character.hexDigitValue.map(UInt8.init) else {
            Issue.record("'\(character)' is no hexadecimal digit")
            return []
        }
        if let first = high {
            bytes.append(first << 4 | digit)
            high = nil
        } else {
            high = digit
        }
    }
    #expect(high == nil, "half a byte is left over")
    return bytes
}

/// The other direction, so that a failed comparison can be read.
func text(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// Expects a request to have exactly these bytes; sequence and port id are zero until it is sent.
func expect(_ request: MessageBuilder, _ fields: String..., sourceLocation: SourceLocation = #_sourceLocation) {
    let wanted = fields.joined().replacing(" ", with: "")
    #expect(text(request.finished) == wanted, sourceLocation: sourceLocation)
    #expect(request.problem == nil, sourceLocation: sourceLocation)
}

/// Decodes the only message of a datagram.
func decode<Value>(
    _ bytes: [UInt8], _ body: (Message, RawSpan) throws(NetlinkError) -> Value
) throws(NetlinkError) -> Value {
    let span = unsafe bytes.span.bytes
    var messages = MessageCursor()
    guard let message = try messages.next(in: span) else { throw .malformed("no message") }
    return try body(message, span)
}
