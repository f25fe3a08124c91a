import Manifest

/// What must hold for every edit of every text; each check is written apart from the editor.
struct EditInvariants {
    let text: [UInt8]
    let edit: Edit
    var path = "t.yaml"

    /// How an edit went.
    enum Outcome: Equatable {
        case done
        /// Possible by its meaning, but not without changing what stands around it.
        case refused(String)
        case broken(String)

        var report: String? {
            if case .broken(let reason) = self { return reason }
            return nil
        }
    }

    func outcome() -> Outcome {
        var refusal: String?
        if let reason = broken(&refusal) { return .broken(reason) }
        return refusal.map { .refused($0) } ?? .done
    }

    /// The first invariant that is broken, nil if all hold.
    private func broken(_ refusal: inout String?) -> String? {
        let tree = SyntaxTree(path: path, bytes: text)
        guard tree.problems.isEmpty else { return "the generated text has problems: \(tree.problems[0].render())" }
        var expected = Meaning.apply(edit, to: Meaning.documents(tree))
        // A JSON file holds one document.
        if path.hasSuffix(".json"), case .addDocument = edit { expected = nil }
        let result: [UInt8]
        do {
            result = try ManifestEditor.apply([edit], to: text, path: path)
        } catch {
            let lines = 1 + text.count { $0 == UInt8(ascii: "\n") }
            guard error.position.line <= lines, error.position.offset <= text.count, error.path == path else {
                return "a refusal outside of the text: \(error)"
            }
            if expected != nil { refusal = error.description }
            return nil
        }
        guard let expected else { return "done, but impossible" }
        if path.hasSuffix(".json"), case .removeDocument = edit { return result.isEmpty ? nil : "something is left" }
        let after = SyntaxTree(path: path, bytes: result)
        if let problem = after.problems.first { return "the result has problems: \(problem.render())" }
        if Meaning.documents(after) != expected { return "the result means something else" }
        if let lost = lostComments(tree, result, after) { return lost }
        if let changed = outsideChange(tree, result) { return changed }
        if let changed = finalBreakChange(result) { return changed }
        switch edit {
        case .addDocument, .removeDocument, .removeItem: return nil
        case .remove(_, let path) where path.last.flatMap({ Int($0) }) != nil: return nil
        default:
            guard let again = try? ManifestEditor.apply([edit], to: result, path: path), again == result else {
                return "twice is not once"
            }
            return nil
        }
    }

    // MARK: - Comments

    /// The numbers of the comments (`#c7`) of a text, in order.
    static func comments(_ text: [UInt8], _ tree: SyntaxTree) -> [(number: Int, offset: Int)] {
        var found: [(Int, Int)] = []
        // A block scalar's first line may end in a comment.
        let texts = tree.documents.flatMap { scalars(of: $0.root) }.map { scalar, range in
            guard scalar.style == .literal || scalar.style == .folded else { return range.bytes }
            return (text[range.bytes].firstIndex(of: 10) ?? range.bytes.upperBound)..<range.bytes.upperBound
        }
        var index = 0
        for offset in text.indices.dropLast(2)
        where text[offset] == UInt8(ascii: "#") && text[offset + 1] == UInt8(ascii: "c") {
            while index < texts.count, texts[index].upperBound <= offset { index += 1 }
            if index < texts.count, texts[index].contains(offset) { continue }
            let digits = text[(offset + 2)...].prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            if let number = Int(String(decoding: digits, as: UTF8.self)) { found.append((number, offset)) }
        }
        return found
    }

    private func lostComments(_ tree: SyntaxTree, _ result: [UInt8], _ resultTree: SyntaxTree) -> String? {
        let before = Self.comments(text, tree)
        let after = Self.comments(result, resultTree).map(\.number)
        guard Set(before.map(\.number)).count == before.count else { return nil }
        let kept = Set(after)
        guard before.map(\.number).filter(kept.contains) == after else { return "comments in another order" }
        let lost = before.filter { !kept.contains($0.number) }
        let allowed = deletedLines(tree)
        for comment in lost where !allowed.contains(where: { $0.contains(comment.offset) }) {
            return "lost the comment #c\(comment.number)"
        }
        if let leading = leadingComment(tree),
            before.contains(where: { leading.contains($0.offset) && kept.contains($0.number) })
        {
            return "the comment of a deleted node is still there"
        }
        return nil
    }

    /// The bytes whose comments may go with the edit's node.
    private func deletedLines(_ tree: SyntaxTree) -> [Range<Int>] {
        guard let target = EditTarget(edit, tree, text), target.isDeleted || target.isReplacedCollection else {
            return []
        }
        let lines = (leadingComment(tree)?.lowerBound ?? target.range.lowerBound)..<target.lastLineEnd
        if case .removeDocument = edit { return [lines, target.markerLine] }
        return [lines]
    }

    /// The lines of the comment directly above a deleted node, in its column.
    private func leadingComment(_ tree: SyntaxTree) -> Range<Int>? {
        guard let target = EditTarget(edit, tree, text), target.isDeleted, !target.isFirstOfDocument else { return nil }
        return target.leadingComment
    }

    // MARK: - Bytes

    /// Whether a byte changed that the edit has nothing to do with.
    private func outsideChange(_ tree: SyntaxTree, _ result: [UInt8]) -> String? {
        guard let target = EditTarget(edit, tree, text) else { return nil }
        let allowed = target.touched
        let tail = text[allowed.upperBound...]
        guard result.count >= allowed.lowerBound + tail.count,
            result.starts(with: text[..<allowed.lowerBound]), result.suffix(tail.count).elementsEqual(tail)
        else { return "bytes changed outside of \(allowed)" }
        return nil
    }

    /// Whether a final line break came or went.
    private func finalBreakChange(_ result: [UInt8]) -> String? {
        switch edit {
        case .removeDocument: return nil
        default:
            guard !text.isEmpty, !result.isEmpty else { return nil }
            // A last line of spaces without an end says nothing.
            // And a text that keeps its blank lines needs them.
            if text.contains(UInt8(ascii: "+")) || text.last == 32 || (text.last == 10) == (result.last == 10) {
                return nil
            }
            // A last text in a block scalar may need it.
            var without = result
            while without.last.map({ $0 <= 32 }) ?? false { without.removeLast() }
            let meanings = [without, result].map { Meaning.documents(SyntaxTree(path: path, bytes: $0)) }
            return meanings[0] == meanings[1] ? "the final line break came or went" : nil
        }
    }
}
