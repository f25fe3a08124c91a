import Foundation
import Manifest
import Model
import Testing

/// The examples are valid.
@Suite("Examples")
struct ExamplesTests {
    static let root = SchemaTests.folder.deletingLastPathComponent().appending(path: "examples")

    @Test(
        "load without problems",
        arguments: [
            "quickstart", "homelab", "site-to-site/berlin", "site-to-site/paris", "access-control",
            "monitoring/gateway",
        ])
    func load(example: String) throws {
        let folder = Self.root.appending(path: example)
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".yaml") }
        #expect(!paths.isEmpty)
        let files = try paths.map { path in
            SourceFile(path: path, bytes: [UInt8](try Data(contentsOf: folder.appending(path: path))))
        }
        let now = try #require(Timestamp("2026-06-01T00:00:00Z"))
        let result = Manifest.load(files, now: now)
        #expect(result.problems.map { $0.render() } == [])
        #expect(result.catalog?.interfaces.isEmpty == false)
    }
}
