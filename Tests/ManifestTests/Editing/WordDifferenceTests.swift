import Foundation
import Manifest
import Testing

/// A file of some 300 lines that people formatted by hand: setting one field changes exactly that field's bytes. What
/// git shows of it is what a person reviews.
@Suite("Word differences")
struct WordDifferenceTests {
    private static let file = EditingCorpusTests.folder.appending(path: "gateway.yaml")

    @Test("each value of the file: only its own bytes change")
    func everyValue() throws {
        let text = [UInt8](try Data(contentsOf: Self.file))
        let tree = SyntaxTree(path: "gateway.yaml", bytes: text)
        #expect(tree.problems.isEmpty)
        #expect(text.count { $0 == 10 } >= 300)
        var count = 0
        for (document, root) in tree.documents.map(\.root).enumerated() {
            for (path, node) in Self.values(root, []) {
                let edit = Edit.set(document: document, path: path, value: .string("CHANGED"))
                let result = try ManifestEditor.apply([edit], to: text, path: "gateway.yaml")
                count += 1
                let range = node.range.bytes
                let written = result[range.lowerBound..<result.count - (text.count - range.upperBound)]
                #expect(result.starts(with: text[..<range.lowerBound]), "\(path)")
                #expect(result.suffix(text.count - range.upperBound) == text[range.upperBound...], "\(path)")
                #expect(["CHANGED", "'CHANGED'", "\"CHANGED\""].contains(String(decoding: written, as: UTF8.self)))
            }
        }
        print("values of the hand-formatted file: \(count), each changed alone")
        #expect(count > 150)
    }

    @Test("git diff --word-diff shows the one value")
    func git() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "word-difference-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = [UInt8](try Data(contentsOf: Self.file))
        let edits: [(Int, [String], EditValue, String)] = [
            (1, ["listen_port"], .integer(51830), "listen_port: [-51820-]{+51830+}"),
            (0, ["reconcile", "max_deletes"], .integer(30), "    max_deletes:         [-20-]{+30+}"),
            (1, ["input", "2"], .string("tcp/8080"), "  - [-tcp/80-]{+tcp/8080+}"),
            (4, ["labels", "room"], .string("2.01"), "  room: [-\"1.00\"-]{+\"2.01\"+}"),
            (
                5, ["expires_at"], .string("2031-01-01T00:00:00Z"),
                "expires_at: [-2030-02-01T00:00:00Z-]{+2031-01-01T00:00:00Z+}     # end of contract"
            ),
            (1, ["name"], .string("wg9"), "name: [-wg0-]{+wg9+}                                  # staff"),
        ]
        for (number, (document, path, value, line)) in edits.enumerated() {
            let (before, after) = (folder.appending(path: "a\(number)"), folder.appending(path: "b\(number)"))
            let edit = Edit.set(document: document, path: path, value: value)
            try Data(text).write(to: before)
            try Data(try ManifestEditor.apply([edit], to: text, path: "gateway.yaml")).write(to: after)
            let shown = try Self.wordDifference(before, after)
            let changed = shown.split(separator: "\n").filter { $0.contains("[-") || $0.contains("{+") }
            #expect(changed.map(String.init) == [line])
        }
    }

    private static func wordDifference(_ before: URL, _ after: URL) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "git", "diff", "--no-index", "--no-color", "--word-diff=plain", "-U0", before.path, after.path,
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        // 1 says that there are differences.
        #expect(process.terminationStatus == 1)
        return String(decoding: output, as: UTF8.self)
    }

    private static func values(_ node: Node, _ path: [String]) -> [([String], Node)] {
        switch node.content {
        case .map(let entries): entries.flatMap { values($0.value, path + [$0.key.text]) }
        case .list(let items): items.enumerated().flatMap { values($1, path + [String($0)]) }
        default: [(path, node)]
        }
    }
}
