import Foundation
import Manifest
import Testing

/// Generated edits of generated files.
@Suite("Edit properties", .serialized)
struct EditPropertyTests {
    /// At least this many edits in each run; `WIREBUDDY_EDITS` asks for more.
    static let count = ProcessInfo.processInfo.environment["WIREBUDDY_EDITS"].flatMap(Int.init) ?? 10_000

    @Test("generated edits of generated files hold the invariants")
    func generated() throws {
        let first = ProcessInfo.processInfo.environment["WIREBUDDY_EDIT_SEED"].flatMap(Int.init) ?? 0
        var (failures, edits, refused, seed) = (0, 0, 0, first)
        while edits < Self.count, failures < 5 {
            defer { seed += 1 }
            var generator = SourceGenerator(seed: seed)
            let path = seed % 6 == 0 ? "t.json" : "t.yaml"
            let text = Array((seed % 6 == 0 ? generator.json() : generator.file()).utf8)
            let tree = SyntaxTree(path: path, bytes: text)
            #expect(tree.problems.map { $0.render() } == [], "seed \(seed)")
            guard tree.problems.isEmpty, !tree.documents.isEmpty else { continue }
            #expect(try ManifestEditor.apply([], to: text, path: path) == text)
            var choices = EditGenerator(random: generator.random)
            for _ in 0..<10 {
                let edit = choices.edit(tree)
                edits += 1
                switch EditInvariants(text: text, edit: edit, path: path).outcome() {
                case .done: break
                case .refused: refused += 1
                case .broken(let reason):
                    failures += 1
                    Issue.record("seed \(seed): \(report(reason, text, edit, path))")
                }
            }
        }
        print("edits: \(edits) of \(seed - first) files, seeds from \(first); \(refused) refused")
        // What can be said can nearly always be written.
        #expect(refused * 500 < edits)
    }

    /// The failing case with as few lines as it needs.
    private func report(_ broken: String, _ text: [UInt8], _ edit: Edit, _ path: String) -> String {
        var lines = text.split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
        var reason = broken
        var index = 0
        while index < lines.count {
            var fewer = lines
            fewer.remove(at: index)
            let shorter = Array(fewer.joined(separator: [10]))
            let tree = SyntaxTree(path: path, bytes: shorter)
            if tree.problems.isEmpty, isPossible(edit, tree),
                let found = EditInvariants(text: shorter, edit: edit, path: path).outcome().report,
                found.prefix(8) == broken.prefix(8)
            {
                lines = fewer
                reason = found
            } else {
                index += 1
            }
        }
        let shortest = Array(lines.joined(separator: [10]))
        let result = try? ManifestEditor.apply([edit], to: shortest, path: path)
        return """
            \(reason)
            \(edit)
            --- text
            \(String(decoding: shortest, as: UTF8.self).debugDescription)
            \(String(decoding: shortest, as: UTF8.self))
            --- result
            \(result.map { String(decoding: $0, as: UTF8.self) } ?? "refused")
            ---
            """
    }

    private func isPossible(_ edit: Edit, _ tree: SyntaxTree) -> Bool {
        switch edit {
        case .set(let document, _, _), .remove(let document, _), .append(let document, _, _),
            .removeItem(let document, _, _), .removeDocument(let document):
            document < tree.documents.count
        case .addDocument: !tree.documents.isEmpty
        }
    }
}
