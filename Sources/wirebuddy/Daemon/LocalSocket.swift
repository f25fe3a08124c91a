import Dispatch
import Glibc

/// One HTTP/1.1 exchange over a unix socket: all that commands need of HTTP. It blocks a thread of its own.
struct LocalSocket: Sendable {
    /// The name of the socket.
    let path: String

    /// The methods that are used.
    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    /// Whether somebody listens.
    enum Reach: Sendable, Hashable {
        /// Somebody does.
        case open
        /// Nobody does, or not for us: the error number.
        case closed(Int32)
    }

    /// More than this is no answer of ours.
    private static let largestAnswer = 256 << 20

    /// `fcntl.h` shows it only with `_GNU_SOURCE`. Entering a directory takes no right to read it.
    private static let O_PATH: Int32 = 0o10_000_000

    /// Looks whether somebody listens.
    func reach() -> Reach {
        do throws(SystemError) {
            close(try connect())
            return .open
        } catch {
            return .closed(error.code)
        }
    }

    /// Sends a request and reads the answer.
    ///
    /// - Parameter time: how long each piece of the answer may take; nil: for ever.
    /// - Throws: ``LocalSocketFailure``.
    func exchange(
        _ method: Method, _ target: String, _ body: [UInt8]?, within time: Duration?
    ) async throws(LocalSocketFailure) -> (status: Int, body: [UInt8]) {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<[UInt8], SystemError>, Never>) in
            DispatchQueue(label: "wirebuddy.daemon").async {
                do throws(SystemError) {
                    continuation.resume(returning: .success(try self.transfer(method, target, body, time)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        switch result {
        case .failure(let error):
            throw LocalSocketFailure("the daemon at \(path) does not answer: \(error)")
        case .success(let bytes):
            guard let answer = HTTPAnswer(bytes) else {
                throw LocalSocketFailure("the daemon at \(path) broke off: see its log, and `wirebuddy status`")
            }
            return (answer.status, answer.body)
        }
    }

    private func transfer(
        _ method: Method, _ target: String, _ body: [UInt8]?, _ time: Duration?
    ) throws(SystemError) -> [UInt8] {
        let descriptor = try connect()
        defer { close(descriptor) }
        if let time {
            var limit = timeval(tv_sec: Int(time.components.seconds), tv_usec: 0)
            unsafe setsockopt(
                descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        var head = "\(method.rawValue) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        if let body { head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n" }
        try send(Array("\(head)\r\n".utf8) + (body ?? []), descriptor)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < Self.largestAnswer {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { break }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw SystemError(errno)
            }
            bytes += chunk.prefix(count)
        }
        return bytes
    }

    private func send(_ bytes: [UInt8], _ descriptor: Int32) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 else {
                if errno == EINTR { continue }
                throw SystemError(errno)
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Connects. The socket is reached through the descriptor of its directory, so that long paths do as well.
    private func connect() throws(SystemError) -> Int32 {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let folder = parts.dropLast().joined(separator: "/")
        let directory = unsafe open(folder.isEmpty ? "/" : folder, Self.O_PATH | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw SystemError(errno) }
        defer { close(directory) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array("/proc/self/fd/\(directory)/\(parts.last ?? "")".utf8)
        let isShort = unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard name.count < room.count else { return false }
            unsafe room.copyBytes(from: name)
            return true
        }
        guard isShort else { throw SystemError(ENAMETOOLONG) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError(errno) }
        let result = unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            let code = errno
            close(descriptor)
            throw SystemError(code)
        }
        return descriptor
    }
}

/// Why there was no answer.
struct LocalSocketFailure: Error, Sendable, CustomStringConvertible {
    /// What happened and what to do.
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// An answer that was read to its end.
struct HTTPAnswer {
    let status: Int
    let body: [UInt8]

    /// Reads the bytes of a connection that was closed behind its only answer; nil: it was closed too early.
    init?(_ bytes: [UInt8]) {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else { return nil }
        let length = lines.dropFirst().compactMap { line -> Int? in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "content-length" else { return nil }
            return Int(parts[1].drop { $0 == " " })
        }.first
        let rest = bytes[end.upperBound...]
        guard let length, rest.count == length else { return nil }
        self.status = status
        body = Array(rest)
    }
}
