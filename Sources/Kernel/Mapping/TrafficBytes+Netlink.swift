import Model
import Netlink

extension TrafficBytes {
    /// Bytes of inner packets from the counters of a link of this kind.
    ///
    /// A tun device counts inner packets. The kernel module counts whole data messages, both ways (`message_data_len`: a header
    /// of 16 bytes, the padded packet, a tag of 16 bytes). The padding to 16 bytes remains, and so do handshakes, a few hundred
    /// bytes every two minutes.
    init(_ statistics: Link.Statistics, kind: String?) {
        self.init(received: statistics.receivedBytes, sent: statistics.sentBytes)
        guard kind == "wireguard" else { return }
        received = Self.less(32, per: statistics.receivedPackets, of: received)
        sent = Self.less(32, per: statistics.sentPackets, of: sent)
    }

    /// Packets and bytes are not read at one instant: never below zero.
    private static func less(_ size: UInt64, per packets: UInt64, of bytes: UInt64) -> UInt64 {
        let (overhead, isOver) = packets.multipliedReportingOverflow(by: size)
        return isOver || overhead > bytes ? 0 : bytes - overhead
    }
}
