import Glibc
import Model
import Netlink

/// The sockets of a network namespace as text (man 5 proc, `/proc/net/tcp`).
///
/// To write it the kernel goes through all places of its table, some 10 ms on a host with much memory, whether or not
/// sockets are there.
enum ProcSocketTable {
    /// The sockets of a protocol in these states; of a file that can't be read, none.
    static func sockets(_ transport: Forward.Transport, in states: Set<InetSocket.State>) -> [HostSocket] {
        let name = transport == .tcp ? "tcp" : "udp"
        return ["\(name)", "\(name)6"].flatMap { file in
            String(decoding: WholeFile.bytes(of: "/proc/thread-self/net/\(file)"), as: UTF8.self)
                .split(separator: "\n").dropFirst().compactMap { socket($0) }.filter { states.contains($0.state) }
        }
    }

    /// `sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …`
    private static func socket(_ line: Substring) -> HostSocket? {
        let words = line.split(separator: " ")
        guard words.count > 9, let inode = UInt64(words[9]), let local = endpoint(words[1]),
            let remote = endpoint(words[2]), let state = UInt8(words[3], radix: 16).flatMap(InetSocket.State.init)
        else { return nil }
        return HostSocket(local: local, remote: remote.port == 0 ? nil : remote, state: state, inode: inode)
    }

    /// `0100007F:0016`: words of 32 bits in the order of the host's bytes.
    private static func endpoint(_ text: Substring) -> SocketAddress? {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let port = UInt16(parts[1], radix: 16) else { return nil }
        var words: [UInt32] = []
        var rest = parts[0]
        while !rest.isEmpty {
            guard let word = UInt32(rest.prefix(8), radix: 16) else { return nil }
            words.append(UInt32(bigEndian: word))
            rest = rest.dropFirst(8)
        }
        let address: NetlinkAddress
        switch words.count {
        case 1: address = .ipv4(words[0])
        case 4: address = .ipv6(UInt64(words[0]) << 32 | UInt64(words[1]), UInt64(words[2]) << 32 | UInt64(words[3]))
        default: return nil
        }
        return SocketAddress(unmapping: NetlinkEndpoint(address: address, port: port))
    }
}
