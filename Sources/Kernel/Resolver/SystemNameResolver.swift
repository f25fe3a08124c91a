import Glibc
public import Model
public import Reconciler
import Synchronization

/// Resolves endpoint names with the C library (man 3 getaddrinfo) on a thread of its own. A question is answered from
/// what is known; asking again happens in the background.
public final class SystemNameResolver: NameResolver {
    /// The addresses of a name; empty when there are none. Throws nothing: a failed look-up keeps what was known.
    typealias Lookup = @Sendable (_ name: String) -> [IPAddress]?

    private struct State {
        var addresses: [String: IPAddress] = [:]
        /// Names in the queue or being looked up.
        var pending: Set<String> = []
        var queue: [String] = []
        var threads = 0
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
        var next = 0
    }

    private let state = Mutex(State())
    private let lookup: Lookup
    private let hasRoute: @Sendable (AddressFamily) -> Bool

    /// A resolver that knows nothing yet.
    public convenience init() {
        self.init(lookup: Self.systemLookup, hasRoute: Self.systemHasRoute)
    }

    init(lookup: @escaping Lookup, hasRoute: @escaping @Sendable (AddressFamily) -> Bool) {
        self.lookup = lookup
        self.hasRoute = hasRoute
    }

    /// The address last resolved; nil while none is known.
    public func address(of name: String) async -> IPAddress? {
        state.withLock { state in state.addresses[name] }
    }

    /// Asks in the background, each name at most once at a time.
    public func refresh(_ names: [String]) async {
        let starting = state.withLock { state in
            for name in names where state.pending.insert(name).inserted { state.queue.append(name) }
            // More than one, because a server that doesn't answer holds its thread up for seconds.
            let starting = min(state.queue.count, Self.threads - state.threads)
            state.threads += starting
            return starting
        }
        for _ in 0..<starting {
            startThread(named: "resolve") { [self] in
                while let name = next() { resolve(name) }
            }
        }
    }

    private static let threads = 8

    private func next() -> String? {
        state.withLock { state in
            if state.queue.isEmpty {
                state.threads -= 1
                return nil
            }
            return state.queue.removeFirst()
        }
    }

    /// Fires when the address of a name changed, the first one included.
    public func changes() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            state.next += 1
            state.listeners[state.next] = continuation
            return state.next
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { state in state.listeners[id] = nil }
        }
        return stream
    }

    private func resolve(_ name: String) {
        let found = lookup(name)
        let families = found.map { Set($0.lazy.map(\.family)) } ?? []
        let reachable = families.count > 1 ? families.filter(hasRoute) : families
        let listeners = state.withLock { state in
            state.pending.remove(name)
            guard let found, !found.isEmpty else { return [AsyncStream<Void>.Continuation]() }
            let usable = reachable.isEmpty ? found : found.filter { reachable.contains($0.family) }
            let known = state.addresses[name]
            // Servers rotate their answers: an address that is still among them stays.
            if let known, usable.contains(known) { return [] }
            guard let address = usable.first, address != known else { return [] }
            state.addresses[name] = address
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.yield() }
    }

    /// The addresses in the order of RFC 6724; nil when the look-up failed.
    private static func systemLookup(_ name: String) -> [IPAddress]? {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(name, nil, &hints, &first) == 0 else { return nil }
        defer { unsafe freeaddrinfo(first) }
        var addresses: [IPAddress] = []
        var entry = unsafe first
        while let found = unsafe entry?.pointee {
            if let address = unsafe address(found), !addresses.contains(address) { addresses.append(address) }
            unsafe entry = found.ai_next
        }
        return addresses
    }

    private static func address(_ entry: addrinfo) -> IPAddress? {
        guard let pointer = unsafe entry.ai_addr else { return nil }
        let raw = UnsafeRawPointer(pointer)
        switch unsafe entry.ai_family {
        case AF_INET:
            let address = unsafe raw.loadUnaligned(as: sockaddr_in.self).sin_addr
            return unsafe withUnsafeBytes(of: address) { unsafe IPAddress(bytes: Array($0)) }
        case AF_INET6:
            let address = unsafe raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            return unsafe withUnsafeBytes(of: address) { unsafe IPAddress(bytes: Array($0)) }
        default: return nil
        }
    }

    /// Whether there is a way to the internet: connecting a UDP socket looks up a route and sends nothing.
    private static func systemHasRoute(_ family: AddressFamily) -> Bool {
        switch family {
        case .ipv4:
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = UInt16(9).bigEndian
            // 192.0.2.1 of TEST-NET-1 (RFC 5737): any route to it is a default route.
            address.sin_addr.s_addr = UInt32(0xC000_0201).bigEndian
            return canConnect(AF_INET, &address)
        case .ipv6:
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = UInt16(9).bigEndian
            // 2001:db8::1 (RFC 3849).
            unsafe withUnsafeMutableBytes(of: &address.sin6_addr) { bytes in
                unsafe bytes.copyBytes(from: [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
            }
            return canConnect(AF_INET6, &address)
        }
    }

    private static func canConnect<Address>(_ family: Int32, _ address: inout Address) -> Bool {
        let number = socket(family, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { return false }
        let descriptor = Descriptor(number)
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe connect(descriptor.number, pointer, socklen_t(MemoryLayout<Address>.size)) == 0
            }
        }
    }
}
