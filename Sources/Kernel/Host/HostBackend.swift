public import Model
public import Reconciler
import Synchronization

/// The host: links, addresses, routes, rules, WireGuard, nftables and kernel parameters of the network namespace that
/// the process lives in. Needs root (or `CAP_NET_ADMIN`) for everything but looking at links and routes.
///
/// Blocking calls run on a thread of its own, one at a time.
public actor HostBackend: Backend {
    /// What the backend is told by whoever composes the program.
    public struct Options: Sendable {
        /// The userspace WireGuard program: an absolute path or a name.
        public var userspaceProgram: String
        /// The digest of listings.
        public var digest: any Digest
        /// Civil time.
        public var clock: any WallClock
        /// Derives a public key; the userspace protocol tells none.
        public var publicKey: @Sendable (SecretKey) -> PublicKey?

        /// Options.
        public init(
            userspaceProgram: String = "wireguard-go", digest: any Digest, clock: any WallClock,
            publicKey: @escaping @Sendable (SecretKey) -> PublicKey?
        ) {
            self.userspaceProgram = userspaceProgram
            self.digest = digest
            self.clock = clock
            self.publicKey = publicKey
        }
    }

    let options: Options
    private let thread = BlockingThread(name: "host")
    private let hub: EventHub
    private let watch: ProcessWatch
    private var opened: HostParts?

    /// A backend; sockets are opened with the first use.
    public init(_ options: Options) {
        self.options = options
        let hub = EventHub()
        self.hub = hub
        watch = ProcessWatch { link in hub.send(.userspaceEnded(link: link)) }
    }

    /// The backend's own thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// The parts, opened once.
    func parts() throws(BackendError) -> HostParts {
        if let opened { return opened }
        let parts = try HostParts(options, watch: watch)
        opened = parts
        return parts
    }

    /// The established connections of people who administer the host: to SSH, or to one of our own ports. What can't be
    /// read is not there.
    public func adminConnections(apiPorts: Set<UInt16>) -> [AdminConnection] {
        SocketTable().adminConnections(apiPorts: apiPorts)
    }

    /// Events from now on. A host without netlink multicast gives an overrun and then only ends of programs.
    public nonisolated func events() -> AsyncStream<HostEvent> {
        let hub = hub
        let loop: EventLoop?
        do throws(BackendError) {
            loop = try EventLoop { event in hub.send(event) }
        } catch {
            loop = nil
        }
        let stream = hub.stream { loop?.stop() }
        if let loop { loop.start() } else { hub.send(.overrun) }
        return stream
    }
}
