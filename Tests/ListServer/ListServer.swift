public import Foundation

/// A server of lists and of everything that goes wrong with them: `Tests/ListServer/server.py`. It ends with this.
public final class ListServer: Sendable {
    /// Its port.
    public let port: Int
    /// The files it serves; made by the first.
    public let directory: URL
    private let program: LastingProgram

    /// Starts it at an address of the loopback interface.
    public init(address: String = "127.0.0.2", certificate: TestCertificate? = nil) throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "lists-\(UUID().uuidString)")
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "server.py")
        program = try LastingProgram(
            ["python3", script.path, address, directory.path]
                + (certificate.map { [$0.certificate, $0.key] } ?? []))
        guard let port = Int(program.read().trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw CocoaError(.executableLoad)
        }
        self.port = port
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    /// Writes a file that it serves below `files/`.
    public func write(_ name: String, _ text: String) throws {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: directory.appending(path: name), options: .atomic)
    }

    /// The address of something it serves.
    public func url(_ path: String, host: String = "127.0.0.2", scheme: String = "http") -> String {
        "\(scheme)://\(host):\(port)/\(path)"
    }
}
