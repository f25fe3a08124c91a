import Foundation
import Logging
import Testing

@testable import API

/// The certificate of the listeners.
@BlockingTests @Suite struct CertificateTests {
    @Test func `a new certificate is used without a restart, a broken one is not`() async throws {
        let directory = try TestDirectory()
        let files = ServerOptions.CertificateFiles(
            certificate: "\(directory.root)/cert.pem", key: "\(directory.root)/key.pem")
        try Self.make(files, name: "first.example.com")
        let server = try await TestServer(certificate: files)
        #expect(try Self.served(server.port).contains("first.example.com"))
        // Health over TLS says that browsers should stay there.
        let answer = try Self.curl(server.port)
        #expect(answer.contains("200") && answer.contains("max-age"))
        try Self.make(files, name: "second.example.com")
        try await Self.wait { try Self.served(server.port).contains("second.example.com") }
        try Data("no certificate".utf8).write(to: URL(fileURLWithPath: files.certificate))
        try await Task.sleep(for: .seconds(3))
        #expect(try Self.served(server.port).contains("second.example.com"))
        try await server.stop()
    }

    @Test func `files that can't be used are a clear failure`() throws {
        let files = ServerOptions.CertificateFiles(certificate: "/nowhere/cert.pem", key: "/nowhere/key.pem")
        #expect { try CertificateStore(files) } throws: { "\($0)".contains("/nowhere/cert.pem") }
    }

    static func make(_ files: ServerOptions.CertificateFiles, name: String) throws {
        _ = try run(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "2",
            "-subj", "/CN=\(name)", "-keyout", files.key, "-out", files.certificate)
    }

    private static func served(_ port: UInt16) throws -> String {
        try run(
            "sh", "-c",
            "openssl s_client -connect 127.0.0.1:\(port) </dev/null 2>/dev/null | openssl x509 -noout -subject")
    }

    private static func curl(_ port: UInt16) throws -> String {
        try run("curl", "-sk", "-o", "/dev/null", "-D", "-", "https://127.0.0.1:\(port)/healthz")
    }

    private static func wait(_ condition: () throws -> Bool) async throws {
        for _ in 0..<40 {
            if try condition() { return }
            try await Task.sleep(for: .milliseconds(250))
        }
        Issue.record("it did not happen in ten seconds")
    }

    private static func run(_ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = Pipe()
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }
}
