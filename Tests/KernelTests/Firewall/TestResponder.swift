import Foundation
import Glibc

/// A DNS server on one address of one device, over UDP and TCP, that answers each query with NXDOMAIN: what the forwarder
/// is to the firewall. Its sockets are bound like the forwarder's. It ends with the process of the test.
struct TestResponder {
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// Starts to answer.
    init(address: String, port: UInt16 = 53, device: String) throws {
        for type in [SOCK_DGRAM, SOCK_STREAM] {
            let descriptor = try Self.bound(type, address, port, device)
            Thread.detachNewThread {
                type == SOCK_DGRAM ? Self.answerDatagrams(descriptor) : Self.answerStreams(descriptor)
            }
        }
    }

    private static func bound(
        _ type: __socket_type, _ address: String, _ port: UInt16, _ device: String
    ) throws -> CInt {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        unsafe hints.ai_socktype = CInt(type.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(address, "\(port)", &hints, &list) == 0, let info = unsafe list?.pointee else {
            throw Failure(description: "\(address) is no address")
        }
        defer { unsafe freeaddrinfo(list) }
        let descriptor = unsafe socket(info.ai_family, info.ai_socktype | CInt(SOCK_CLOEXEC.rawValue), 0)
        let isBound =
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_BINDTODEVICE, device, socklen_t(device.utf8.count)) == 0
            && bind(descriptor, info.ai_addr, info.ai_addrlen) == 0
            && (type == SOCK_DGRAM || listen(descriptor, 8) == 0)
        guard isBound else { throw Failure(description: "\(address) on \(device): error \(errno)") }
        return descriptor
    }

    private static func answerDatagrams(_ descriptor: CInt) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            var source = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let count = unsafe withUnsafeMutablePointer(to: &source) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe recvfrom(descriptor, &buffer, buffer.count, 0, $0, &length)
                }
            }
            guard count > 12 else { continue }
            let answer = answer(buffer[..<count])
            _ = unsafe withUnsafePointer(to: &source) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe sendto(descriptor, answer, answer.count, 0, $0, length)
                }
            }
        }
    }

    private static func answerStreams(_ listener: CInt) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { continue }
            // A query of dig comes in one segment, its length in front.
            let count = unsafe read(descriptor, &buffer, buffer.count)
            if count > 14 {
                let answer = answer(buffer[2..<count])
                let framed = [UInt8(answer.count >> 8), UInt8(answer.count & 0xFF)] + answer
                _ = unsafe write(descriptor, framed, framed.count)
            }
            close(descriptor)
        }
    }

    /// The query with QR set and the response code of a name that doesn't exist.
    private static func answer(_ query: ArraySlice<UInt8>) -> [UInt8] {
        var answer = Array(query)
        answer[2] |= 0x80
        answer[3] = 3
        return answer
    }
}
