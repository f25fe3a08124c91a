import Model
import Netlink

/// The sockets of the network namespace of this thread that others may reach: who holds one is looked for among all
/// processes. What can't be read is not there.
struct SocketTable {
    /// The listeners of these ports that are not bound to a loopback address; meant for few ports.
    func listeners(of ports: [Forward.Transport: Set<UInt16>]) -> [LocalListener] {
        var found: Set<LocalListener> = []
        for (transport, wanted) in ports where !wanted.isEmpty {
            for socket in Self.sockets(transport, in: [HostSocket.listening(transport)])
            where wanted.contains(socket.local.port) && !socket.local.address.isLoopback {
                let holder = ProcessHandle.holder(ofSocketInode: socket.inode)
                let program = holder.map { Self.text(of: "/proc/\($0.id)/comm").split(separator: "\n") }?.first
                found.insert(
                    LocalListener(
                        transport: transport, port: socket.local.port, program: program.map { String($0) }))
            }
        }
        return found.sorted {
            ($0.transport.rawValue, $0.port, $0.program ?? "") < ($1.transport.rawValue, $1.port, $1.program ?? "")
        }
    }

    /// The established connections that others opened to an SSH server, which listens on port 22 or is a program of that
    /// name, or to one of our own ports. Those from this host to itself are none.
    func adminConnections(apiPorts: Set<UInt16>) -> [AdminConnection] {
        let sockets = Self.sockets(.tcp, in: [.established, .listening])
        var listeners: [UInt16: UInt64] = [:]
        for socket in sockets where socket.state == .listening { listeners[socket.local.port] = socket.inode }
        var services: [UInt16: AdminConnection.Service?] = [:]
        var found: [AdminConnection] = []
        for socket in sockets where socket.state == .established {
            let port = socket.local.port
            guard let listener = listeners[port], let remote = socket.remote, !remote.address.isLoopback else {
                continue
            }
            let known = services[port]
            let service = known ?? Self.service(port, listener, apiPorts)
            services[port] = .some(service)
            if let service { found.append(AdminConnection(service, local: socket.local, remote: remote)) }
        }
        return found
    }

    /// The sockets of a protocol in these states, IPv4 first.
    private static func sockets(_ transport: Forward.Transport, in states: Set<InetSocket.State>) -> [HostSocket] {
        do throws(NetlinkError) {
            return try DiagnosticSocket().sockets(transport == .tcp ? .tcp : .udp, in: states).map { HostSocket($0) }
        } catch {
            // A kernel without the module, or a container that may not load it, has the files.
            return ProcSocketTable.sockets(transport, in: states)
        }
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

    private static func text(of path: String) -> String {
        String(decoding: WholeFile.bytes(of: path), as: UTF8.self)
    }
}
