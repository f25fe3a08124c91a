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

    /// The established connections that others opened to an SSH server, which listens on port 22 or is a program of that
    /// name, or to one of our own ports. Those from this host to itself are none.
    func adminConnections(apiPorts: Set<UInt16>) -> [AdminConnection] {
        let sockets = ["tcp", "tcp6"].flatMap { file in
            Self.text(of: "/proc/thread-self/net/\(file)").split(separator: "\n").dropFirst().compactMap { Socket($0) }
        }
        var listeners: [UInt16: UInt64] = [:]
        for socket in sockets where socket.isListening(.tcp) { listeners[socket.port] = socket.inode }
        var services: [UInt16: AdminConnection.Service?] = [:]
        var found: [AdminConnection] = []
        for socket in sockets where socket.isEstablished {
            guard let listener = listeners[socket.port], let local = socket.local, let remote = socket.remote,
                !remote.address.isLoopback
            else { continue }
            let known = services[socket.port]
            let service = known ?? Self.service(socket.port, listener, apiPorts)
            services[socket.port] = .some(service)
            if let service { found.append(AdminConnection(service, local: local, remote: remote)) }
        }
        return found
    }

    private static func service(
        _ port: UInt16, _ inode: UInt64, _ apiPorts: Set<UInt16>
    ) -> AdminConnection.Service? {
        if apiPorts.contains(port) { return .api }
        if port == 22 { return .ssh }
        guard let holder = ProcessHandle.holder(ofSocketInode: inode) else { return nil }
        let program = text(of: "/proc/\(holder.id)/comm")
        if program.hasPrefix("sshd") { return .ssh }
        // An address of the command line; what peers ask at 53 is the forwarder.
        return program.hasPrefix("wirebuddy") && port != 53 ? .api : nil
    }

    /// One line of a table.
    private struct Socket {
        let address: Substring
        let port: UInt16
        private let peer: Substring
        private let peerPort: UInt16
        let state: Substring
        let inode: UInt64

        /// `sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …`
        init?(_ line: Substring) {
            let words = line.split(separator: " ")
            guard words.count > 9, let inode = UInt64(words[9]) else { return nil }
            let place = words[1].split(separator: ":")
            let other = words[2].split(separator: ":")
            guard place.count == 2, let port = UInt16(place[1], radix: 16), other.count == 2,
                let peerPort = UInt16(other[1], radix: 16)
            else { return nil }
            address = place[0]
            peer = other[0]
            self.peerPort = peerPort
            self.port = port
            state = words[3]
            self.inode = inode
        }

        /// TCP_LISTEN; for UDP an unconnected socket (TCP_CLOSE).
        func isListening(_ transport: Forward.Transport) -> Bool { state == (transport == .tcp ? "0A" : "07") }

        /// TCP_ESTABLISHED.
        var isEstablished: Bool { state == "01" }

        var local: SocketAddress? { Self.parsed(address).map { SocketAddress($0, port: port) } }
        var remote: SocketAddress? { Self.parsed(peer).map { SocketAddress($0, port: peerPort) } }

        private static func parsed(_ text: Substring) -> IPAddress? {
            var bytes: [UInt8] = []
            var rest = text
            while !rest.isEmpty {
                guard let word = UInt32(rest.prefix(8), radix: 16) else { return nil }
                unsafe withUnsafeBytes(of: word) { unsafe bytes.append(contentsOf: $0) }
                rest = rest.dropFirst(8)
            }
            // A socket of both families shows IPv4 mapped.
            let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
            return IPAddress(bytes: bytes.starts(with: mapped) && bytes.count == 16 ? Array(bytes.suffix(4)) : bytes)
        }

        /// Words of 32 bits in the order of the host's bytes.
        var isLoopback: Bool {
            let ipv6 = "00000000000000000000000001000000"
            return address.count == 8 ? address.hasSuffix("7F") : address == ipv6
        }
    }

    private static func text(of path: String) -> String {
        String(decoding: WholeFile.bytes(of: path), as: UTF8.self)
    }
}
