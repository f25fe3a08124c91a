/// A piece of a file that is read alone: in YAML from one `---` line to the next.
struct Segment {
    let bytes: [UInt8]
    let documents: [SyntaxDocument]
    /// A `.json` file.
    let isJSON: Bool
    /// The line break of the file.
    let lineBreak: String
    /// The long list of the piece, if it has one.
    private let list: LongList?

    /// Reads a piece.
    init(_ bytes: [UInt8], isJSON: Bool, lineBreak: String) throws(EditRefusal) {
        let tree = SyntaxTree(path: isJSON ? ".json" : "", bytes: bytes)
        // A JSON file without its document is empty.
        if let problem = tree.problems.first, !isJSON || !bytes.isEmpty {
            throw EditRefusal(
                SourcePosition(offset: 0, line: problem.line, column: problem.column),
                "the file is not edited because of an error in it: \(problem.message)", suggestion: problem.suggestion)
        }
        self.bytes = bytes
        documents = tree.documents
        self.isJSON = isJSON
        self.lineBreak = lineBreak
        list = nil
    }

    /// A piece that was read before.
    init(_ list: LongList, lineBreak: String) {
        bytes = list.bytes
        documents = [list.document]
        isJSON = false
        self.lineBreak = lineBreak
        self.list = list
    }

    var comments: [Range<Int>] { isJSON ? [] : CommentScan.comments(bytes, documents) }

    /// Whether the piece begins with a `---` line.
    var startsWithMarker: Bool { !isJSON && bytes.starts(with: "---".utf8) }

    func layout(_ document: Int) -> DocumentLayout {
        DocumentLayout(
            bytes: bytes, root: documents[document].root, comments: comments, isJSON: isJSON, lineBreak: lineBreak)
    }

    /// The piece after a change of one document.
    ///
    /// - Throws: `EditRefusal` if no splice is known that does it without a side effect.
    func applying(_ change: NodeChange, document: Int) throws(EditRefusal) -> Segment {
        let layout = layout(document)
        for candidate in layout.candidates(for: change) {
            let text = candidate.applied(to: bytes)
            let reading = list?.reading(text)
            guard
                let result = reading.map({ Segment($0.list, lineBreak: lineBreak) })
                    ?? (try? Segment(text, isJSON: isJSON, lineBreak: lineBreak)),
                means(change, document, result, reading?.change), keepsComments(candidate, layout.comments, result)
            else { continue }
            return result
        }
        throw EditRefusal(
            layout.place(change.at).node.range.start,
            "this can't be changed without changing what stands around it",
            suggestion: "edit the file by hand")
    }

    private func means(
        _ change: NodeChange, _ document: Int, _ result: Segment, _ items: LongList.Change?
    ) -> Bool {
        // What was not read again is the same.
        if let list, let after = result.list, let items, let inside = change.among(items.old, of: list.entry) {
            return inside.leads(from: list.root(items: items.old), to: after.root(items: items.new))
        }
        guard result.documents.count == documents.count else { return false }
        return documents.indices.allSatisfy { index in
            let (before, after) = (documents[index].root, result.documents[index].root)
            return index == document ? change.leads(from: before, to: after) : before.isSame(as: after)
        }
    }

    /// Whether every comment is still there that is not part of a deleted node, in the same order.
    private func keepsComments(_ change: TextChange, _ before: [Range<Int>], _ result: Segment) -> Bool {
        var kept: [ArraySlice<UInt8>] = []
        for comment in before {
            guard change.splices.contains(where: { $0.range.overlaps(comment) }) else {
                kept.append(bytes[comment])
                continue
            }
            guard
                change.deleted.contains(where: {
                    $0.lowerBound <= comment.lowerBound && $0.upperBound >= comment.upperBound
                })
            else { return false }
        }
        return kept.elementsEqual(result.comments.map { result.bytes[$0] }) { $0.elementsEqual($1) }
    }
}
