import Glibc
import Model

/// An address and port as the socket calls want them.
struct SocketName {
    private var storage = sockaddr_storage()
    private var length: socklen_t

    init(_ address: SocketAddress) {
        switch address.address.family {
        case .ipv4:
            var name = sockaddr_in()
            name.sin_family = sa_family_t(AF_INET)
            name.sin_port = address.port.bigEndian
            name.sin_addr.s_addr = UInt32(truncatingIfNeeded: address.address.low).bigEndian
            length = socklen_t(MemoryLayout<sockaddr_in>.size)
            unsafe withUnsafeBytes(of: &name) { bytes in
                unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0.copyMemory(from: bytes) }
            }
        case .ipv6:
            var name = sockaddr_in6()
            name.sin6_family = sa_family_t(AF_INET6)
            name.sin6_port = address.port.bigEndian
            unsafe withUnsafeMutableBytes(of: &name.sin6_addr) { unsafe $0.copyBytes(from: address.address.bytes) }
            length = socklen_t(MemoryLayout<sockaddr_in6>.size)
            unsafe withUnsafeBytes(of: &name) { bytes in
                unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0.copyMemory(from: bytes) }
            }
        }
    }

    /// A name in the file system; nil when it is too long for the kernel.
    init?(path: String) {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let isShort = unsafe withUnsafeMutableBytes(of: &name.sun_path) { room in
            guard bytes.count < room.count else { return false }
            unsafe room.copyBytes(from: bytes)
            return true
        }
        guard isShort else { return nil }
        length = socklen_t(MemoryLayout<sockaddr_un>.size)
        unsafe withUnsafeBytes(of: &name) { bytes in
            unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0.copyMemory(from: bytes) }
        }
    }

    /// Calls with the name as C wants it.
    func withPointer(_ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt) -> CInt {
        unsafe withUnsafePointer(to: storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }

    /// Where a socket is bound; nil when it is no address.
    static func bound(_ descriptor: CInt) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        guard result == 0 else { return nil }
        // Both families: two bytes of family, two of port, then IPv4 address, or four of flow and IPv6 address.
        let bytes = unsafe withUnsafeBytes(of: &storage) { unsafe Array($0) }
        let port = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        switch CInt(storage.ss_family) {
        case AF_INET: return IPAddress(bytes: bytes[4..<8]).map { SocketAddress($0, port: port) }
        case AF_INET6: return IPAddress(bytes: bytes[8..<24]).map { SocketAddress($0, port: port) }
        default: return nil
        }
    }
}
