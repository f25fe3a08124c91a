import Glibc
import Testing

/// A gateway between a peer and the internet: three network namespaces joined by veth pairs. Each lives as long as a process
/// in it does, and that ends with this value.
///
/// The peer is 10.8.0.2 behind the gateway's wg0, the internet 198.51.100.9 behind eth0, where the gateway is 198.51.100.1.
final class FlowNetwork {
    enum Place: String, CaseIterable { case gateway, peer, internet }

    private var processes: [Place: pid_t] = [:]

    init() throws {
        for place in Place.allCases {
            // Ends by itself when the test's process can't end it.
            processes[place] = try start(["unshare", "--net", "sleep", "600"])
        }
        for place in Place.allCases {
            try waitUntil("the namespace of the \(place)") {
                try namespace(of: id(of: place)) != namespace(of: getpid())
            }
        }
        try sh(
            """
            set -e
            ip link set lo up
            ip link add wg0 type veth peer name eth0 netns \(id(of: .peer))
            ip link add eth0 type veth peer name eth0 netns \(id(of: .internet))
            ip addr add 10.8.0.1/24 dev wg0; ip addr add 198.51.100.1/24 dev eth0
            ip link set wg0 up; ip link set eth0 up
            sysctl -qw net.ipv4.ip_forward=1 net.netfilter.nf_conntrack_acct=1
            sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_time_wait=1 net.netfilter.nf_conntrack_tcp_timeout_close=1
            nft 'add table ip t; add chain ip t n { type nat hook postrouting priority 100; }'
            nft 'add rule ip t n oifname eth0 masquerade'
            nft 'add chain ip t d { type nat hook prerouting priority -100; }'
            nft 'add rule ip t d iifname eth0 tcp dport 8080 dnat to 10.8.0.2:7000'
            nft 'add counter ip t from; add counter ip t to; add chain ip t f { type filter hook forward priority 0; }'
            nft 'add rule ip t f ip saddr 10.8.0.2 counter name from; add rule ip t f ip daddr 10.8.0.2 counter name to'
            """, in: .gateway)
        try sh(
            "set -e; ip addr add 10.8.0.2/24 dev eth0; ip link set eth0 up; ip route add default via 10.8.0.1",
            in: .peer)
        try sh("set -e; ip addr add 198.51.100.9/24 dev eth0; ip link set eth0 up", in: .internet)
    }

    deinit {
        for id in processes.values {
            kill(id, SIGKILL)
            var status: Int32 = 0
            unsafe waitpid(id, &status, 0)
        }
    }

    /// The path of a namespace.
    func path(of place: Place) throws -> String { "/proc/\(try id(of: place))/ns/net" }

    /// Runs a command line in a namespace and expects it to work.
    func sh(_ line: String, in place: Place, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let id = try start(["nsenter", "-t", "\(self.id(of: place))", "-n", "sh", "-c", line])
        #expect(try wait(for: id) == 0, "\(line)", sourceLocation: sourceLocation)
    }

    /// Serves TCP connections to port 7000 of the place: the client says how many bytes it sends and how many it wants.
    func serve(_ connections: Int, in place: Place) throws -> pid_t {
        let program = """
            import socket, threading
            def answer(c):
                up, down = (int(word) for word in c.recv(64).split())
                c.sendall(b"!")
                while up: up -= len(c.recv(65536))
                c.sendall(bytes(down)); c.close()
            s = socket.create_server(("", 7000), backlog=128)
            threads = []
            for _ in range(\(connections)):
                t = threading.Thread(target=answer, args=(s.accept()[0],)); t.start(); threads.append(t)
            for t in threads: t.join()
            """
        let server = try start(["nsenter", "-t", "\(id(of: place))", "-n", "python3", "-c", program])
        try waitUntil("a server that listens") {
            // 1B58 is 7000, 0A is TCP_LISTEN.
            try read("/proc/\(id(of: place))/net/tcp").contains(":1B58 00000000:0000 0A")
        }
        return server
    }

    /// Makes TCP connections one after another, each sends and receives that many bytes.
    func connect(
        _ connections: Int, from place: Place, to address: String, port: Int, up: Int, down: Int, pause: Double = 0
    ) throws {
        let program = """
            import socket, time
            for _ in range(\(connections)):
                c = socket.create_connection(("\(address)", \(port)), 10)
                c.sendall(b"\(up) \(down)"); c.recv(1)
                left = \(up)
                while left:
                    part = min(left, 500000); c.sendall(bytes(part)); left -= part; time.sleep(\(pause))
                left = \(down)
                while left: left -= len(c.recv(65536))
                c.close()
            """
        let id = try start(["nsenter", "-t", "\(self.id(of: place))", "-n", "python3", "-c", program])
        try #require(try wait(for: id) == 0, "connections to \(address) failed")
    }

    /// Waits for the end of a process and returns its status.
    func wait(for id: pid_t) throws -> Int32 {
        var status: Int32 = 0
        let deadline = time(nil) + 120
        while unsafe waitpid(id, &status, WNOHANG) == 0 {
            if time(nil) > deadline { kill(id, SIGKILL) }
            usleep(10_000)
        }
        return status
    }

    /// The bytes that the firewall of the gateway saw pass: from the peer and to it.
    func forwarded() throws -> (from: UInt64, to: UInt64) {
        let path = "/tmp/wirebuddy-flows-\(getpid())-\(try id(of: .gateway))"
        defer { _ = unsafe unlink(path) }
        try sh("nft list counters table ip t > \(path)", in: .gateway)
        let numbers = try read(path).matches(of: /bytes (\d+)/).compactMap { UInt64($0.1) }
        try #require(numbers.count == 2)
        return (numbers[0], numbers[1])
    }

    private func id(of place: Place) throws -> pid_t { try #require(processes[place]) }

    private func namespace(of id: pid_t) throws -> String {
        var buffer = [CChar](repeating: 0, count: 64)
        let count = unsafe readlink("/proc/\(id)/ns/net", &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func read(_ path: String) throws -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        try #require(descriptor >= 0, "\(path)")
        defer { close(descriptor) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: text, as: UTF8.self) }
            text += buffer[..<count]
        }
    }

    private func waitUntil(_ what: String, _ condition: () throws -> Bool) throws {
        let deadline = time(nil) + 20
        while try !condition() {
            try #require(time(nil) < deadline, "\(what) did not come")
            usleep(20_000)
        }
    }

    private func start(_ arguments: [String]) throws -> pid_t {
        let argv: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe argv.forEach { unsafe free($0) } }
        var id: pid_t = 0
        try #require(unsafe posix_spawnp(&id, arguments[0], nil, nil, argv, environ) == 0, "\(arguments[0])")
        return id
    }
}
