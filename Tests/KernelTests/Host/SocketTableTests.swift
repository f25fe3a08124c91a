import Model
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
}
