import Foundation
import Manifest
import Testing

/// `Corpus/editing`: a file per way to format, and beside it `NAME.edits` with edits and the lines each of them changes.
/// `WIREBUDDY_RECORD=1` writes the lines anew.
@Suite("Editing corpus")
struct EditingCorpusTests {
    static let folder = CorpusTests.root.appending(path: "editing")

    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".json") }.sorted()
    }

    @Test("every edit of the corpus changes these lines and no others", arguments: try names())
    func edits(name: String) throws {
        let file = Self.folder.appending(path: name)
        let golden = file.appendingPathExtension("edits")
        let text = [UInt8](try Data(contentsOf: file))
        let expected = try String(contentsOf: golden, encoding: .utf8)
        var found = ""
        for line in expected.split(separator: "\n") where line.hasPrefix("$ ") {
            let command = String(line.dropFirst(2))
            let edit = try #require(EditCommand.edit(command), "\(command)")
            let broken = EditInvariants(text: text, edit: edit, path: name).outcome().report
            #expect(broken == nil, "\(command)")
            found += (found.isEmpty ? "" : "\n") + "$ \(command)\n" + outcome(edit, text, name)
        }
        if ProcessInfo.processInfo.environment["WIREBUDDY_RECORD"] == "1" {
            try found.write(to: golden, atomically: true, encoding: .utf8)
        } else {
            #expect(found == expected)
        }
    }

    private func outcome(_ edit: Edit, _ text: [UInt8], _ name: String) -> String {
        do throws(EditRefusal) {
            return LineDifference.text(text, try ManifestEditor.apply([edit], to: text, path: name))
        } catch {
            return "\(error)\n"
        }
    }
}

/// An edit as a line: `set 0 labels.site berlin`.
enum EditCommand {
    static func edit(_ command: String) -> Edit? {
        let parts = command.split(separator: " ", maxSplits: 3).map(String.init)
        let text = parts.count > 3 ? parts[3] : ""
        switch parts.first {
        case "add-document":
            let value = command.drop { $0 != " " }.drop { $0 == " " }
            return (try? EditValue(yaml: String(value))).map { .addDocument($0) }
        case "remove-document": return parts.count == 2 ? Int(parts[1]).map { .removeDocument($0) } : nil
        default: break
        }
        guard parts.count >= 3, let document = Int(parts[1]) else { return nil }
        let path = parts[2].split(separator: ".").map(String.init)
        switch parts[0] {
        case "set": return (try? EditValue(yaml: text)).map { .set(document: document, path: path, value: $0) }
        case "append": return (try? EditValue(yaml: text)).map { .append(document: document, path: path, value: $0) }
        case "remove": return .remove(document: document, path: path)
        case "remove-item": return Int(text).map { .removeItem(document: document, path: path, index: $0) }
        default: return nil
        }
    }
}

/// What changed between two texts, as lines that a person reads.
enum LineDifference {
    static func text(_ before: [UInt8], _ after: [UInt8]) -> String {
        if before == after { return "no change\n" }
        let (old, new) = (lines(before), lines(after))
        let change = new.difference(from: old)
        var (removed, added) = (Set<Int>(), Set<Int>())
        for step in change {
            switch step {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var text = ""
        var (from, to) = (0, 0)
        while from < old.count || to < new.count {
            if removed.contains(from) {
                text += "\(from + 1) -\(old[from])\n"
                from += 1
            } else if added.contains(to) {
                text += "\(to + 1) +\(new[to])\n"
                to += 1
            } else {
                (from, to) = (from + 1, to + 1)
            }
        }
        return text
    }

    /// Invisible characters and a missing last line break are shown.
    private static func lines(_ text: [UInt8]) -> [String] {
        var lines = text.split(separator: 10, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self).replacing("\r", with: "␍").replacing("\u{FEFF}", with: "⟨BOM⟩")
        }
        if lines.last == "" { lines.removeLast() } else { lines.append("⟨no line break⟩") }
        return lines
    }
}
