import Foundation
import NIOSSL

/// Certificates that the `openssl` program makes, once for all tests.
struct TestCertificates: Sendable {
    /// A certificate of a server and its key, as files.
    struct Leaf: Sendable {
        let certificate: String
        let key: String
    }

    /// For `dns.test`, signed by the root.
    let good: Leaf
    /// For `other.test`, signed by the root.
    let otherName: Leaf
    /// For `dns.test`, signed by itself.
    let selfSigned: Leaf
    /// The root alone.
    let roots: NIOSSLTrustRoots

    static func get() throws -> TestCertificates { try made.get() }

    private static let made = Result { try TestCertificates() }

    private init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "upstream-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let root = try Self.make("root", in: folder, ["-subj", "/CN=Test Root"])
        let signed = ["-CA", root.certificate, "-CAkey", root.key]
        good = try Self.make("good", in: folder, signed + Self.name("dns.test"))
        otherName = try Self.make("other", in: folder, signed + Self.name("other.test"))
        selfSigned = try Self.make("self", in: folder, Self.name("dns.test"))
        roots = .certificates(try NIOSSLCertificate.fromPEMFile(root.certificate))
    }

    private static func name(_ name: String) -> [String] {
        ["-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)"]
    }

    private static func make(_ name: String, in folder: URL, _ arguments: [String]) throws -> Leaf {
        let leaf = Leaf(
            certificate: folder.appending(path: "\(name).pem").path, key: folder.appending(path: "\(name).key").path)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-days", "2", "-keyout", leaf.key, "-out", leaf.certificate,
            ] + arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
        return leaf
    }
}
