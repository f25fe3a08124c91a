import Foundation
import Manifest
import Model
import Testing

/// Files with the problems they must have. `good` files load (a `.problems` file then holds their warnings), `bad`
/// files don't. The first line of a `.problems` file says what the JSON Schemas must say about the documents:
/// `bad`, `good` (only the decoder or the whole tree sees the problem) or `none` (the text never gets that far).
@Suite("Corpus")
struct CorpusTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Corpus")
    static let now = Timestamp("2026-06-01T00:00:00Z")
    private static let isWriting = ProcessInfo.processInfo.environment["WIREBUDDY_WRITE_CORPUS"] == "1"

    static func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)
            .filter { $0.hasSuffix(".yaml") }.sorted()
    }

    @Test("good files load", arguments: try names("good"))
    func good(name: String) throws {
        let (problems, isValid) = try load("good", name)
        #expect(isValid)
        try compare(problems, "good", name)
    }

    @Test("bad files have exactly the problems that stand beside them", arguments: try names("bad"))
    func bad(name: String) throws {
        let (problems, isValid) = try load("bad", name)
        #expect(!isValid)
        try compare(problems, "bad", name)
    }

    @Test("no message shows the secret")
    func secretsStayHidden() throws {
        for name in try Self.names("bad") {
            for problem in try load("bad", name).problems {
                #expect(!problem.render().contains("yAnz5TF+lXXJte14tji3"), "\(name)")
                #expect(!problem.renderJSON().contains("yAnz5TF+lXXJte14tji3"), "\(name)")
            }
        }
    }

    private func load(_ folder: String, _ name: String) throws -> (problems: [Problem], isValid: Bool) {
        let bytes = [UInt8](try Data(contentsOf: Self.root.appending(path: folder).appending(path: name)))
        if name.hasPrefix("host") {
            let (configuration, problems) = HostFile.decode(path: name, bytes: bytes)
            return (problems, configuration != nil)
        }
        let now = try #require(Self.now)
        let result = Manifest.load([SourceFile(path: name, bytes: bytes)], now: now)
        #expect(result.problems == result.problems.sorted())
        return (result.problems, result.catalog != nil)
    }

    private func compare(_ problems: [Problem], _ folder: String, _ name: String) throws {
        let twin = Self.root.appending(path: folder).appending(path: name.replacing(".yaml", with: ".problems"))
        let found = problems.map { $0.render() + "\n" }.joined()
        let text = try? String(contentsOf: twin, encoding: .utf8)
        guard let text else {
            #expect(found == "")
            return
        }
        let header = String(text.prefix { $0 != "\n" }) + "\n"
        #expect(["schema: bad\n", "schema: good\n", "schema: none\n"].contains(header))
        if Self.isWriting {
            try Data((header + found).utf8).write(to: twin)
        } else {
            #expect(text == header + found)
        }
    }
}
