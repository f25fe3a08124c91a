import Glibc
import Testing

@testable import Netlink

@Suite(.needsRoot) struct KernelConnectionTests {
    /// Tracking begins with the first rule that asks for it.
    private func track(counting: Bool, secondsAfterClose: Int = 120) {
        shell("ip link set lo up; sysctl -qw net.netfilter.nf_conntrack_acct=\(counting ? 1 : 0)")
        shell("sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_time_wait=\(secondsAfterClose)")
        shell("nft 'add table inet t; add chain inet t c { type filter hook input priority 0; }'")
        shell("nft 'add rule inet t c ct state established accept'")
    }

    /// Sends that many bytes through a TCP connection to port 7000 of an address and closes it.
    private func send(_ count: Int, to address: String, family: String = "AF_INET") {
        shell(
            """
            python3 -c '
            import socket
            s = socket.socket(socket.\(family)); s.bind(("\(address)", 7000)); s.listen()
            c = socket.socket(socket.\(family)); c.connect(("\(address)", 7000))
            a, _ = s.accept()
            left = \(count)
            while left:
                part = min(left, 10000)
                c.sendall(bytes(part))
                got = 0
                while got < part: got += len(a.recv(10000))
                left -= part
            c.close(); a.recv(1); a.close()'
            """)
    }

    private func connections(_ socket: NetfilterSocket) throws -> [Connection] {
        var found: [Connection] = []
        try socket.connections { found.append($0) }
        return found.filter { $0.original.destinationPort == 7000 }
    }

    @Test func bothFamiliesAreListedWithTheirBytes() throws {
        try inNewNamespace {
            track(counting: true)
            let socket = try NetfilterSocket()
            #expect(try connections(socket).isEmpty)
            send(100_000, to: "127.0.0.1")
            send(50_000, to: "::1", family: "AF_INET6")
            let found = try connections(socket)
            #expect(found.map(\.family.rawValue).sorted() == [2, 10])
            for connection in found {
                let sent = try #require(connection.originalBytes)
                let answered = try #require(connection.replyBytes)
                let payload: UInt64 = connection.family == .ipv4 ? 100_000 : 50_000
                #expect(connection.protocolNumber == 6 && connection.id != 0)
                #expect(sent > payload && sent < payload + 20_000)
                #expect(answered > 0 && answered < 20_000)
                #expect(connection.original.source == connection.reply.destination)
                #expect(connection.original.sourcePort == connection.reply.destinationPort)
                #expect(connection.reply.sourcePort == 7000)
            }
            // Nothing was reset.
            #expect(try Set(connections(socket).map(\.originalBytes)) == Set(found.map(\.originalBytes)))
        }
    }

    @Test func theEndTellsTheLastCounters() throws {
        try inNewNamespace {
            track(counting: true, secondsAfterClose: 8)
            let socket = try NetfilterSocket()
            let events = try EventSocket.connections()
            send(30_000, to: "127.0.0.1")
            let listed = try #require(try connections(socket).first)
            var ended: Connection?
            let deadline = time(nil) + 60
            while ended == nil, time(nil) < deadline {
                // The kernel throws out what has expired when somebody looks.
                _ = try connections(socket)
                for event in try events.receive() {
                    if case .connection(let connection) = event.object, event.isDeletion,
                        connection.original.destinationPort == 7000
                    {
                        ended = connection
                    }
                }
                usleep(50_000)
            }
            let last = try #require(ended)
            #expect(last.id == listed.id && last.original == listed.original && last.reply == listed.reply)
            #expect(last.originalBytes == listed.originalBytes && last.replyBytes == listed.replyBytes)
            #expect(try connections(socket).isEmpty)
        }
    }

    @Test func withoutAccountingThereAreNoCounters() throws {
        try inNewNamespace {
            track(counting: false)
            send(10_000, to: "127.0.0.1")
            let found = try connections(try NetfilterSocket())
            #expect(found.count == 1)
            #expect(found.first?.originalBytes == nil && found.first?.replyBytes == nil)
        }
    }
}
