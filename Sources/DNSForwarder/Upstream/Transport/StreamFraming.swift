internal import NIOCore

/// Cuts a stream into messages, each with its length in two octets in front (RFC 1035 4.2.2).
struct StreamFraming {
    private var buffer = ByteBuffer()

    /// The octets of a message with its length in front; the message has at most 65535.
    static func frame(_ message: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(2 + message.count)
        buffer.writeInteger(UInt16(clamping: message.count))
        buffer.writeBytes(message)
        return buffer
    }

    /// Takes what came. No more than one message that is not whole is kept.
    mutating func append(_ part: ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = part
        } else {
            buffer.discardReadBytes()
            buffer.writeImmutableBuffer(part)
        }
    }

    /// The next message that is whole.
    mutating func next() -> [UInt8]? {
        guard let length = buffer.getInteger(at: buffer.readerIndex, as: UInt16.self),
            buffer.readableBytes >= 2 + Int(length)
        else { return nil }
        buffer.moveReaderIndex(forwardBy: 2)
        return buffer.readBytes(length: Int(length))
    }
}
