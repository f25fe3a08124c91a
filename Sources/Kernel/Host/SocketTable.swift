import Glibc
import Model

/// The listening sockets of the network namespace of this thread (man 5 proc, `/proc/net/tcp`), for few ports: who holds
/// one is looked for among all processes.
struct SocketTable {
    private static let tables: [(file: String, transport: Forward.Transport)] = [
        ("tcp", .tcp), ("tcp6", .tcp), ("udp", .udp), ("udp6", .udp),
    ]

    /// The listeners of these ports that are not bound to a loopback address. What can't be read is not there.
    func listeners(of ports: [Forward.Transport: Set<UInt16>]) -> [LocalListener] {
        var found: Set<LocalListener> = []
        for (file, transport) in Self.tables {
            guard let wanted = ports[transport], !wanted.isEmpty else { continue }
            for line in Self.text(of: "/proc/thread-self/net/\(file)").split(separator: "\n").dropFirst() {
                guard let socket = Socket(line), socket.isListening(transport), wanted.contains(socket.port),
                    !socket.isLoopback
                else { continue }
                let holder = ProcessHandle.holder(ofSocketInode: socket.inode)
                let program = holder.map { Self.text(of: "/proc/\($0.id)/comm").split(separator: "\n") }?.first
                found.insert(
                    LocalListener(transport: transport, port: socket.port, program: program.map { String($0) }))
            }
        }
        return found.sorted {
            ($0.transport.rawValue, $0.port, $0.program ?? "") < ($1.transport.rawValue, $1.port, $1.program ?? "")
        }
    }

    /// One line of a table.
    private struct Socket {
        let address: Substring
        let port: UInt16
        let state: Substring
        let inode: UInt64

        /// `sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …`
        init?(_ line: Substring) {
            let words = line.split(separator: " ")
            guard words.count > 9, let inode = UInt64(words[9]) else { return nil }
            let place = words[1].split(separator: ":")
            guard place.count == 2, let port = UInt16(place[1], radix: 16) else { return nil }
            address = place[0]
            self.port = port
            state = words[3]
            self.inode = inode
        }

        /// TCP_LISTEN; for UDP an unconnected socket (TCP_CLOSE).
        func isListening(_ transport: Forward.Transport) -> Bool { state == (transport == .tcp ? "0A" : "07") }

        /// Words of 32 bits in the order of the host's bytes.
        var isLoopback: Bool {
            let ipv6 = "00000000000000000000000001000000"
            return address.count == 8 ? address.hasSuffix("7F") : address == ipv6
        }
    }

    private static func text(of path: String) -> String {
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return "" }
        let file = Descriptor(number)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(file.number, $0.baseAddress, $0.count)
            }
            if count < 0, Glibc.errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
