import Model
import Netlink
import Testing

@testable import Kernel

/// Who listens on a port, as the kernel's tables say.
@Suite(.inNamespace, .enabled(if: mayMakeNamespaces, "needs root: network namespaces"), .serialized)
struct SocketTableTests {
    @Test func programsOnPortsThatWereAskedForAreNamed() throws {
        sh(
            """
            cat > /run/listen.py <<'END'
            import socket, time
            kept = []
            for family, kind, address in [
                (socket.AF_INET, socket.SOCK_STREAM, ("0.0.0.0", 2222)), (socket.AF_INET6, socket.SOCK_STREAM, ("::", 8080)),
                (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 9000)), (socket.AF_INET, socket.SOCK_DGRAM, ("0.0.0.0", 53)),
                (socket.AF_INET6, socket.SOCK_STREAM, ("::1", 9001)), (socket.AF_INET, socket.SOCK_STREAM, ("0.0.0.0", 7)),
            ]:
                one = socket.socket(family, kind)
                one.bind(address)
                if kind == socket.SOCK_STREAM: one.listen()
                kept.append(one)
            open("/run/ready", "w").close()
            time.sleep(60)
            END
            python3 /run/listen.py > /dev/null 2>&1 &
            while ! [ -e /run/ready ]; do sleep 0.05; done
            """)
        let found = SocketTable().listeners(of: [.tcp: [2222, 8080, 9000, 9001, 4711], .udp: [53, 2222]])
        #expect(
            found == [
                LocalListener(transport: .tcp, port: 2222, program: "python3"),
                LocalListener(transport: .tcp, port: 8080, program: "python3"),
                LocalListener(transport: .udp, port: 53, program: "python3"),
            ])
        #expect(SocketTable().listeners(of: [:]).isEmpty)
    }

    /// Who is connected to port 22 and to a port of the API from another host, from this host, and to another port.
    @Test func connectionsOfAdministratorsAreFoundOverBothFamilies() throws {
        sh(
            """
            ip netns add client
            ip link add out type veth peer name in netns client
            ip address add 192.0.2.1/24 dev out; ip address add 2001:db8::1/64 dev out nodad; ip link set out up
            ip -n client address add 192.0.2.9/24 dev in; ip -n client address add 2001:db8::9/64 dev in nodad
            ip -n client link set in up
            cat > /run/serve.py <<'END'
            import socket, time
            kept = []
            for family, place in [(socket.AF_INET6, ("::", 22)), (socket.AF_INET, ("0.0.0.0", 8080)), (socket.AF_INET, ("0.0.0.0", 9000))]:
                one = socket.socket(family)
                one.bind(place)
                one.listen()
                kept.append(one)
            kept.append(socket.create_connection(("127.0.0.1", 8080)))
            open("/run/serving", "w").close()
            time.sleep(60)
            END
            cat > /run/connect.py <<'END'
            import socket, time
            places = [("192.0.2.1", 22), ("2001:db8::1", 22), ("192.0.2.1", 8080), ("192.0.2.1", 9000)]
            kept = [socket.create_connection(place) for place in places]
            open("/run/connected", "w").close()
            time.sleep(60)
            END
            python3 /run/serve.py > /dev/null 2>&1 &
            while ! [ -e /run/serving ]; do sleep 0.05; done
            ip netns exec client python3 /run/connect.py > /dev/null 2>&1 &
            while ! [ -e /run/connected ]; do sleep 0.05; done
            """)
        let found = SocketTable().adminConnections(apiPorts: [8080])
        #expect(
            found.map { "\($0.service) \($0.local) \($0.remote.address)" }.sorted() == [
                "api 192.0.2.1:8080 192.0.2.9", "ssh 192.0.2.1:22 192.0.2.9", "ssh [2001:db8::1]:22 2001:db8::9",
            ])
        // The files of kernels that can't be asked say the same.
        let states: Set<InetSocket.State> = [.established, .listening]
        let told = try DiagnosticSocket().sockets(.tcp, in: states).map { HostSocket($0) }
        #expect(told.count >= 9)
        #expect(Set(told) == Set(ProcSocketTable.sockets(.tcp, in: states)))
    }
}
