import Dispatch
import Glibc
import Model
import Synchronization

/// The addresses of a host by the C library (man 3 getaddrinfo), in the order in which they should be tried.
enum SystemAddresses {
    /// All addresses of the host; a look-up that takes longer than `limit` is left to itself.
    static func of(_ host: String, limit: Duration) async -> Result<[IPAddress], LookupFailure> {
        await withCheckedContinuation { continuation in
            let waiting = Mutex<CheckedContinuation<Result<[IPAddress], LookupFailure>, Never>?>(continuation)
            let box = Box(waiting)
            // A queue of its own: a slow name server holds up a thread that nobody else waits for.
            DispatchQueue(label: "wirebuddy.fetch.resolve").async { box.resume(lookUp(host)) }
            let seconds = Double(limit.components.seconds) + Double(limit.components.attoseconds) * 1e-18
            DispatchQueue.global().asyncAfter(deadline: .now() + max(seconds, 0)) {
                box.resume(.failure(LookupFailure(reason: "no name server answered in time")))
            }
        }
    }

    /// Whoever comes first resumes.
    private final class Box: Sendable {
        private let waiting: Mutex<CheckedContinuation<Result<[IPAddress], LookupFailure>, Never>?>

        init(_ waiting: consuming sending Mutex<CheckedContinuation<Result<[IPAddress], LookupFailure>, Never>?>) {
            self.waiting = waiting
        }

        func resume(_ result: Result<[IPAddress], LookupFailure>) {
            let continuation = waiting.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }
            continuation?.resume(returning: result)
        }
    }

    private static func lookUp(_ host: String) -> Result<[IPAddress], LookupFailure> {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(host, nil, &hints, &list)
        guard status == 0 else {
            return .failure(LookupFailure(reason: unsafe String(cString: gai_strerror(status)).lowercased()))
        }
        defer { unsafe freeaddrinfo(list) }
        var found: [IPAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            if let address = unsafe address(entry.pointee.ai_addr), !found.contains(address) { found.append(address) }
            unsafe next = entry.pointee.ai_next
        }
        return .success(found)
    }

    private static func address(_ socket: UnsafeMutablePointer<sockaddr>?) -> IPAddress? {
        guard let socket = unsafe socket else { return nil }
        switch unsafe Int32(socket.pointee.sa_family) {
        case AF_INET:
            return unsafe socket.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { socket in
                unsafe IPAddress(v4: UInt32(bigEndian: socket.pointee.sin_addr.s_addr))
            }
        case AF_INET6:
            return unsafe socket.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { socket in
                unsafe withUnsafeBytes(of: socket.pointee.sin6_addr) { unsafe IPAddress(bytes: Array($0)) }
            }
        default: return nil
        }
    }
}

/// Why a host has no address.
struct LookupFailure: Error {
    let reason: String
}
