import Foundation
import Glibc

/// A socket that sends what a test wants, byte for byte.
final class RawConnection: @unchecked Sendable {
    private let descriptor: CInt

    /// Connects to a port of this host, or to a unix socket.
    init(port: UInt16) throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = unsafe withUnsafePointer(to: &name) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure(code: errno) }
    }

    init(path: String) throws {
        descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &name.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8)) }
        let result = unsafe withUnsafePointer(to: &name) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw Failure(code: errno) }
    }

    deinit { close(descriptor) }

    /// Sends bytes; false when the other side has closed.
    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { room in
                unsafe Glibc.send(descriptor, room.baseAddress, room.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// What comes until `isEnough`, the end, or the time is over. nil: nothing came, and the connection is open.
    func receive(within seconds: Double = 5, until isEnough: (String) -> Bool = { _ in false }) -> (
        text: String, isClosed: Bool
    ) {
        var bytes: [UInt8] = []
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&entry, 1, 20) > 0 else { continue }
            var room = [UInt8](repeating: 0, count: 65_536)
            let count = unsafe recv(descriptor, &room, room.count, 0)
            if count <= 0 { return (String(decoding: bytes, as: UTF8.self), true) }
            bytes += room.prefix(count)
            if isEnough(String(decoding: bytes, as: UTF8.self)) { break }
        }
        return (String(decoding: bytes, as: UTF8.self), false)
    }

    /// Sends a request and takes one answer with its `Content-Length`.
    func exchange(_ text: String) -> RawAnswer? {
        send(text)
        let (answer, _) = receive { RawAnswer($0)?.isComplete == true }
        return RawAnswer(answer)
    }

    struct Failure: Error {
        let code: CInt
    }
}

/// An answer as it came.
struct RawAnswer {
    let status: Int
    let headers: [String: String]
    let body: String

    init?(_ text: String) {
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count > 1, let status = Int(words[1]) else { return nil }
        self.status = status
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let sides = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if sides.count == 2 { headers[sides[0].lowercased()] = sides[1] }
        }
        self.headers = headers
        body = String(text[end.upperBound...])
    }

    var isComplete: Bool {
        if status < 200 { return false }
        return headers["content-length"].flatMap(Int.init).map { body.utf8.count >= $0 } ?? true
    }
}
