import Foundation
import Manifest
import Testing

/// Writes how we read many texts to `.build/readings.jsonl`: `Tests/Conformance/test_yaml.py` compares each reading with
/// those of other YAML 1.2 readers.
///
/// A line is `{"name", "text" (base64), "documents" | "problems"}`. A scalar is null, a boolean, `{"s": text}` or
/// `{"n": number as written}`.
@Suite("Readings")
struct ReadingsTests {
    private static let root = CorpusTests.root.deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test("write what we read, and refuse with a place")
    func write() throws {
        var lines: [String] = []
        for (name, text) in try Self.texts() { lines.append(try Self.line(name, text)) }
        #expect(lines.count > 1500)
        let file = Self.root.appending(path: ".build/readings.jsonl")
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file, options: .atomic)
        print("readings: \(lines.count) texts in \(file.lastPathComponent)")
    }

    // MARK: - Texts

    private static func texts() throws -> [(String, [UInt8])] {
        var texts = try cases()
        var sources: [[UInt8]] = texts.map(\.1)
        for folder in ["good", "bad", "editing"] {
            for name in try CorpusTests.names(folder) {
                let bytes = [UInt8](try Data(contentsOf: CorpusTests.root.appending(path: "\(folder)/\(name)")))
                texts.append(("\(folder)/\(name)", bytes))
                sources.append(bytes)
            }
        }
        // Generated files, and what edits make of them.
        for seed in 0..<200 {
            var generator = SourceGenerator(seed: seed)
            let text = Array(generator.file().utf8)
            texts.append(("generated \(seed)", text))
            let tree = SyntaxTree(path: "t", bytes: text)
            guard !tree.documents.isEmpty else { continue }
            var edits = EditGenerator(random: generator.random)
            for number in 0..<4 {
                let edit = edits.edit(tree)
                guard let edited = try? ManifestEditor.apply([edit], to: text, path: "t") else { continue }
                texts.append(("generated \(seed) edit \(number)", edited))
            }
        }
        // Damaged ones: what is still accepted must be read by all in the same way.
        for seed in 0..<600 {
            var random = Random(seed: UInt64(seed))
            var text = sources[random.next(sources.count)]
            for _ in 0...random.next(3) { MutationTests.mutate(&text, &random) }
            texts.append(("damaged \(seed)", text))
        }
        return texts
    }

    /// The texts of `cases.txt`, its signs for invisible characters replaced.
    private static func cases() throws -> [(String, [UInt8])] {
        let file = root.appending(path: "Tests/Conformance/cases.txt")
        var found: [(String, [UInt8])] = []
        for part in try String(contentsOf: file, encoding: .utf8).split(separator: "\n=== ").dropFirst() {
            let title = part.prefix { $0 != "\n" }
            var text = String(part.dropFirst(title.count + 1)) + "\n"
            for (sign, meaning) in [
                ("␣", " "), ("»", "\t"), ("␍", "\r"), ("⇔", "\u{FEFF}"), ("∎\n", ""), ("⟨E9⟩", "\u{E9}"),
                ("⟨301⟩", "\u{301}"), ("⟨A0⟩", "\u{A0}"), ("⟨85⟩", "\u{85}"), ("⟨2028⟩", "\u{2028}"), ("⟨7⟩", "\u{7}"),
            ] { text = text.replacing(sign, with: meaning) }
            found.append((String(title), Array(text.utf8)))
        }
        return found
    }

    // MARK: - Lines

    private static func line(_ name: String, _ text: [UInt8]) throws -> String {
        let tree = SyntaxTree(path: "t.yaml", bytes: text)
        var object: [String: Any] = ["name": name, "text": Data(text).base64EncodedString()]
        if tree.problems.isEmpty {
            object["documents"] = tree.documents.map { value($0.root) }
        } else {
            object["problems"] = tree.problems.map { ["line": $0.line, "column": $0.column, "message": $0.message] }
        }
        let data = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self)
    }

    private static func value(_ node: Node) -> Any {
        switch node.content {
        case .scalar(let scalar):
            switch scalar.value {
            case .null: NSNull()
            case .boolean(let value): value
            case .string: ["s": scalar.text]
            case .integer, .number, .ambiguous: ["n": scalar.text]
            }
        case .list(let items): items.map(value)
        case .map(let entries): ["m": Dictionary(uniqueKeysWithValues: entries.map { ($0.key.text, value($0.value)) })]
        case .unsupported: ["unsupported": true]
        }
    }
}
