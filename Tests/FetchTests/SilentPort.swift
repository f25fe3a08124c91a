import Foundation
import Glibc

/// A port whose queue of connections is full: the kernel leaves further ones without any answer.
final class SilentPort {
    let port: UInt16
    private var descriptors: [Int32] = []

    init() throws {
        let listener = try ClosedPort.bound(AF_INET)
        descriptors.append(listener.descriptor)
        port = listener.port
        guard listen(listener.descriptor, 0) == 0 else { throw CocoaError(.executableLoad) }
        for _ in 0..<3 {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
            descriptors.append(descriptor)
            var place = ClosedPort.place(port)
            // In progress is what is wanted of the last of them.
            _ = unsafe withUnsafePointer(to: &place) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    unsafe connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
    }

    deinit { for descriptor in descriptors { close(descriptor) } }
}

/// Ports of the loopback interface at which nobody listens.
enum ClosedPort {
    static func ipv4() throws -> UInt16 { try number(AF_INET) }
    static func ipv6() throws -> UInt16 { try number(AF_INET6) }

    private static func number(_ family: Int32) throws -> UInt16 {
        let bound = try bound(family)
        close(bound.descriptor)
        return bound.port
    }

    /// 127.0.0.1 with a port.
    static func place(_ port: UInt16) -> sockaddr_in {
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = port.bigEndian
        place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return place
    }

    /// A TCP socket with a port that the kernel chose; for IPv4 at 127.0.0.1, else anywhere.
    static func bound(_ family: Int32) throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let port = unsafe withUnsafeMutablePointer(to: &storage) { pointer -> UInt16? in
            let raw = UnsafeMutableRawPointer(pointer)
            if family == AF_INET {
                unsafe raw.storeBytes(of: place(0), as: sockaddr_in.self)
            } else {
                var any = sockaddr_in6()
                any.sin6_family = sa_family_t(AF_INET6)
                unsafe raw.storeBytes(of: any, as: sockaddr_in6.self)
            }
            let size = family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
            let address = unsafe raw.assumingMemoryBound(to: sockaddr.self)
            guard unsafe bind(descriptor, address, socklen_t(size)) == 0,
                unsafe getsockname(descriptor, address, &length) == 0
            else { return nil }
            // The port stands at the same place in both.
            return UInt16(bigEndian: unsafe raw.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
        }
        guard let port else { throw CocoaError(.executableLoad) }
        return (descriptor, port)
    }
}
