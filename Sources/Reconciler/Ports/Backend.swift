public import Model

/// The host as the reconciler sees it: look, do one thing, be told that something moved. `Kernel` implements it.
public protocol Backend: Sendable {
    /// Reads the host. A part that can't be read is reported in `unreadable`, never as empty.
    ///
    /// - Throws: only when nothing at all could be read (no rights, no netlink).
    func observe(_ request: ObservationRequest) async throws -> ObservedState

    /// Does one thing and returns when the kernel has acknowledged it.
    ///
    /// - Throws: ``BackendError``.
    func perform(_ operation: Operation) async throws(BackendError)

    /// Events of the host that concern links, addresses, routes, rules, forwarding or nftables, not filtered by who
    /// caused them. The stream ends when its task is cancelled.
    func events() -> AsyncStream<HostEvent>
}

/// What an observation covers beyond links and our own objects.
public struct ObservationRequest: Sendable, Equatable {
    /// Names of links whose WireGuard device and routes are read, if they exist.
    public var interfaces: [String]
    /// Kernel parameters to read, besides `accept_ra` of every link with a default route from a router advertisement.
    public var sysctls: [Sysctl]
    /// Destinations whose route MTU is wanted.
    public var destinations: [IPAddress]
    /// Ports (by interface name) whose foreign drops are looked for.
    public var listenPorts: [String: UInt16]
    /// Ports that the DNS forwarder answers peers at (by interface name) whose foreign drops are looked for.
    public var forwarderPorts: [String: UInt16]
    /// Ports that lead to peers, whose local listeners are looked for.
    public var forwardedPorts: [Forward.Transport: Set<UInt16>] = [:]

    /// A request.
    public init(
        interfaces: [String], sysctls: [Sysctl] = [], destinations: [IPAddress] = [],
        listenPorts: [String: UInt16] = [:], forwarderPorts: [String: UInt16] = [:]
    ) {
        self.interfaces = interfaces
        self.sysctls = sysctls
        self.destinations = destinations
        self.listenPorts = listenPorts
        self.forwarderPorts = forwarderPorts
    }
}

/// Something moved on the host. It only says "look again".
public enum HostEvent: Sendable, Hashable {
    /// A link, address, route, rule or forwarding setting changed; the name of the link where one is known.
    case network(link: String?)
    /// The nftables ruleset changed.
    case firewall
    /// A userspace program behind one of our links ended.
    case userspaceEnded(link: String)
    /// Events were lost; look at everything.
    case overrun
}

/// Why an operation failed.
public struct BackendError: Error, Sendable, CustomStringConvertible {
    /// Whether trying again without any change of input can help.
    public enum Kind: Sendable, Hashable {
        /// Busy, out of memory, interrupted: worth another try.
        case transient
        /// Refused for good until input or kernel changes: invalid, not permitted, not supported.
        case terminal
    }

    /// Whether another try can help.
    public let kind: Kind
    /// What was tried, on which object, what the kernel said and what to do; lower case, no secret.
    public let message: String

    /// An error.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
