import Foundation
import Glibc

/// A UAPI socket whose answers a test decides, to force faults. One conversation.
final class FakeUAPIServer {
    let directory: String
    let path: String
    private let listener: Int32
    /// Whether a thread has the listener, and closes it.
    private var isAnswering = false

    init(link: String) throws {
        directory = NSTemporaryDirectory() + "wirebuddy-uapi-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        path = "\(directory)/\(link).sock"
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8)) }
        let status = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0, listen(listener, 4) == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    }

    deinit {
        // The thread closes what it waits on: closed here, the number could be another test's socket by its next turn.
        shutdown(listener, Int32(SHUT_RDWR))
        if !isAnswering { close(listener) }
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Takes connections on a thread of its own; of each it reads one request and sends the pieces with a pause between.
    func answer(_ pieces: [String], then hold: Bool = false) {
        let listener = listener
        isAnswering = true
        Thread.detachNewThread {
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else {
                    close(listener)
                    return
                }
                var buffer = [UInt8](repeating: 0, count: 65536)
                // A connection without a request is only a look at who listens.
                guard unsafe recv(connection, &buffer, buffer.count, 0) > 0 else {
                    close(connection)
                    continue
                }
                for piece in pieces {
                    let bytes = Array(piece.utf8)
                    _ = unsafe send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
                    usleep(20_000)
                }
                if !hold { close(connection) }
            }
        }
    }
}
