import Foundation

/// A certificate that signs itself, for the host `lists.test`, made by the `openssl` program.
public struct TestCertificate: Sendable {
    /// The file of the certificate.
    public let certificate: String
    /// The file of its key.
    public let key: String

    /// Makes one.
    public static func make(for name: String = "lists.test") throws -> TestCertificate {
        let folder = FileManager.default.temporaryDirectory.appending(path: "fetch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let made = TestCertificate(
            certificate: folder.appending(path: "server.pem").path, key: folder.appending(path: "server.key").path)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-keyout", made.key, "-out", made.certificate, "-subj", "/CN=\(name)",
            "-addext", "subjectAltName=DNS:\(name)",
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
        return made
    }
}
