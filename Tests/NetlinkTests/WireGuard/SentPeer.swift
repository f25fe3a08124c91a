@testable import Netlink

/// A peer operation read back from packed messages, by a reader of its own, so that the packing is not tested by itself.
struct SentPeer: Equatable {
    var key: [UInt8] = []
    var flags: UInt32 = 0
    var attributes: [Int] = []
    var allowedIPs: [[UInt8]] = []

    /// The peers of one message in order, checking the lengths of message and nests on the way.
    static func peers(in message: [UInt8]) -> [SentPeer] {
        guard integer(message, at: 0) == UInt32(message.count) else { return [] }
        return attributes(in: message[20...]).filter { $0.type == 8 }.flatMap { list in
            attributes(in: list.payload).map { peer(in: $0.payload) }
        }
    }

    private static func peer(in bytes: ArraySlice<UInt8>) -> SentPeer {
        var peer = SentPeer()
        for (type, payload) in attributes(in: bytes) {
            peer.attributes.append(type)
            switch type {
            case 1: peer.key = Array(payload)
            case 3: peer.flags = integer(Array(payload), at: 0)
            case 9:
                for allowedIP in attributes(in: payload) {
                    let parts = attributes(in: allowedIP.payload)
                    peer.allowedIPs.append(parts.flatMap { [UInt8($0.type)] + $0.payload })
                }
            default: break
            }
        }
        return peer
    }

    private static func attributes(in bytes: ArraySlice<UInt8>) -> [(type: Int, payload: ArraySlice<UInt8>)] {
        var found: [(type: Int, payload: ArraySlice<UInt8>)] = []
        var rest = bytes
        while rest.count >= 4 {
            let header = Array(rest.prefix(4))
            let length = Int(header[0]) | Int(header[1]) << 8
            guard length >= 4, length <= rest.count else { return [] }
            found.append(
                (Int(header[2]) | Int(header[3] & 0x7f) << 8, rest[(rest.startIndex + 4)..<(rest.startIndex + length)]))
            rest = rest.dropFirst((length + 3) / 4 * 4)
        }
        return found
    }
}
