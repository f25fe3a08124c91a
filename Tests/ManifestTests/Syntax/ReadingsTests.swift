import Foundation
import Manifest
import Testing

/// Writes how we read many texts to `.build/readings.jsonl`: `Tests/Conformance/test_yaml.py` compares each reading with
/// those of other YAML 1.2 readers.
///
/// A line is `{"name", "text" (base64), "documents" | "problems"}`, `"yaml11"` if YAML 1.1 must read the same. A scalar is null, a boolean, `{"s": text}` or
/// `{"n": number as written}`.
@Suite("Readings")
struct ReadingsTests {
    private static let root = CorpusTests.root.deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test("write what we read, and refuse with a place")
    func write() throws {
        var lines: [String] = []
        for (name, text) in try Self.texts() { lines.append(try Self.line(name, text)) }
        for (name, text) in Self.writtenStrings() { lines.append(try Self.line(name, text, isRead11: true)) }
        #expect(lines.count > 1500)
        let folder = Self.root.appending(path: ".build")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "readings.jsonl")
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file, options: .atomic)
        print("readings: \(lines.count) texts in \(file.lastPathComponent)")
    }

    /// A fixed tenth of the generated texts, all of them with `WIREBUDDY_PROVE=1`.
    private static let scale = ProcessInfo.processInfo.environment["WIREBUDDY_PROVE"] == "1" ? 10 : 1

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
        for seed in 0..<200 * scale {
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
        for seed in 0..<600 * scale {
            var random = Random(seed: UInt64(seed))
            var text = sources[random.next(sources.count)]
            for _ in 0...random.next(3) { MutationTests.mutate(&text, &random) }
            texts.append(("damaged \(seed)", text))
        }
        return texts
    }

    /// Strings as we write them; readers of YAML 1.1 must read them as strings too.
    private static func writtenStrings() -> [(String, [UInt8])] {
        let tricky = [
            "0", "-0", "+0", "0b1", "0o7", "0x1F", "0x_0A", "017", "02472256", "1_0", "685_230.15", "1,000", "._", "_",
            "1:0",
            "1:30", "190:20:30", "190:20:30.15", "12:30:45", "52:54:00:12:34:56", ".5", "5.", "1e5", "1e+5", "1.5E-3",

            ".inf", "+.inf", "-.INF", ".NaN", "inf", "nan", "2002-12-14", "2002-1-1", "2001-12-14t21:59:43.10-05:00",
            "2001-12-14 21:59:43.10 -5", "y", "Y", "n", "yes", "Yes", "YES", "no", "on", "ON", "off", "Off", "true",
            "True",
            "null", "Null", "NULL", "nULL", "~", "<<", "=", "!", "?", "-", "10.8.0.2", "10.8.0.0/24", "fd42:8::2",
            "::1",
            "1m", "25s", "a: b", "a #b", "a,b", "[a", "sealed:v1:AAAA+/=", "a\nb", "\ta", "\u{85}", "\u{2028}",
            "e\u{301}",
        ]
        let strings = (tricky + EditGenerator.texts).map { EditValue.string($0) }
        let block = ManifestEditor.newFile([.map(strings.indices.map { EditField("k\($0)", strings[$0]) })])
        let lists = strings.indices.map { EditField("k\($0)", .list([strings[$0], .string("x")])) }
        return [("strings in blocks", block), ("strings in brackets", ManifestEditor.newFile([.map(lists)]))]
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

    private static func line(_ name: String, _ text: [UInt8], isRead11: Bool = false) throws -> String {
        let tree = SyntaxTree(path: "t.yaml", bytes: text)
        var object: [String: Any] = ["name": name, "text": Data(text).base64EncodedString()]
        if isRead11 { object["yaml11"] = true }
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
