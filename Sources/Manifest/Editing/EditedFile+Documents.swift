// Whole documents come and go.
extension EditedFile {
    mutating func addDocument(_ value: EditValue) throws(EditRefusal) {
        guard case .map(let fields) = value, !fields.isEmpty else {
            throw EditRefusal(.start, "a document must be a mapping with fields")
        }
        guard !isJSON || documents.isEmpty else {
            throw EditRefusal(
                .start, "a JSON file holds one document", suggestion: "write the document into a file of its own")
        }
        let count = segments.count
        var text = ValueWriter(habits: self).document(value, lineBreak: lineBreak).joined().map { $0 }
        if let last = segments.last, last.documents.isEmpty, !last.endsDocuments {
            // Behind the comments of an empty document.
            let isOpen = !last.bytes.isEmpty && !last.endsLine
            let joint = isOpen ? Array(lineBreak.utf8) : []
            if isOpen { text.removeLast(lineBreak.utf8.count) }
            segments[count - 1] = try segment(last.bytes + joint + text)
        } else if let last = segments.last {
            if !last.endsLine { text.removeLast(lineBreak.utf8.count) }
            segments[count - 1] = try ended(last)
            segments.append(try segment(Array(("---" + lineBreak).utf8) + text))
        }
        guard let added = segments.last?.documents.last, value.matches(added.root) else {
            throw EditRefusal(.start, "a document can't be added to this file")
        }
        documents.append((segments.count - 1, (segments.last?.documents.count ?? 1) - 1))
    }

    /// The last piece with a line break, and with a blank line where the file has them before `---` and its last text
    /// does not end in one.
    private func ended(_ last: Segment) throws(EditRefusal) -> Segment {
        let ended = try segment(last.bytes + (last.endsLine ? [] : Array(lineBreak.utf8)))
        guard separatesByBlankLines else { return ended }
        let separated = try segment(ended.bytes + Array(lineBreak.utf8))
        let isSame = ended.documents.elementsEqual(separated.documents) { $0.root.isSame(as: $1.root) }
        return isSame ? separated : ended
    }

    private func segment(_ bytes: [UInt8]) throws(EditRefusal) -> Segment {
        try Segment(bytes, isJSON: isJSON, lineBreak: lineBreak)
    }

    /// Whether a blank line stands before the last `---`.
    private var separatesByBlankLines: Bool {
        guard segments.count > 1 else { return false }
        let before = segments[segments.count - 2].bytes
        return before.reversed().prefix(4).count { $0 == UInt8(ascii: "\n") } > 1
    }

    // MARK: - Removal

    mutating func removeDocument(_ place: (segment: Int, document: Int)) throws(EditRefusal) {
        let number = place.segment
        let old = segments[number]
        guard !isJSON else {
            segments = [try segment([])]
            documents = []
            return
        }
        guard old.documents.count == 1, !old.bytes.starts(with: "%".utf8) else {
            throw shifted(
                EditRefusal(
                    old.documents[place.document].root.range.start,
                    "only documents between --- lines can be removed", suggestion: "edit the file by hand"), number)
        }
        let kept = old.bytesWithoutDocument
        var pieces = [kept.text]
        let follows = number + 1 < segments.count
        // One --- line goes with the document: its own, or that of the next if this is the first.
        if follows, !old.startsWithMarker || kept.hasComments, let next = segments[number + 1].bytesWithoutMarker {
            let marker = old.startsWithMarker ? Array(("---" + lineBreak).utf8) : []
            pieces = [marker + kept.text + next]
        } else if number > 0, kept.hasComments {
            pieces = [segments[number - 1].bytes + kept.text]
        } else if follows, number == 0 {
            pieces = [kept.text + segments[1].bytes]
        } else if number == 0 {
            pieces = [kept.text]
        } else {
            pieces = []
        }
        try replace(number, by: pieces.first, kept.comments)
    }

    /// Puts the merged piece in the place of a removed document and of the neighbour it was merged with.
    private mutating func replace(_ number: Int, by merged: [UInt8]?, _ keptComments: [[UInt8]]) throws(EditRefusal) {
        var range = number..<number + 1
        if let merged {
            let isBefore =
                number > 0 && merged.starts(with: segments[number - 1].bytes) && !segments[number - 1].bytes.isEmpty
            let usesNext = !isBefore && number + 1 < segments.count
            range = (isBefore ? number - 1 : number)..<(usesNext ? number + 2 : number + 1)
        }
        let before = segments[range]
        let result = try merged.map { (bytes) throws(EditRefusal) in try segment(bytes) }
        let expected = range.flatMap { $0 == number ? [] : segments[$0].documents }
        let comments = before.indices.flatMap { index in
            index == number ? keptComments : before[index].comments.map { Array(before[index].bytes[$0]) }
        }
        let found = result.map { piece in piece.comments.map { Array(piece.bytes[$0]) } } ?? []
        guard (result?.documents ?? []).elementsEqual(expected, by: { $0.root.isSame(as: $1.root) }), found == comments
        else {
            throw shifted(
                EditRefusal(
                    segments[number].documents[0].root.range.start,
                    "this document can't be removed without changing what stands around it",
                    suggestion: "edit the file by hand"), number)
        }
        segments.replaceSubrange(range, with: result.map { [$0] } ?? [])
        indexDocuments()
    }
}

extension ValueWriter {
    /// The habits of the file's last document.
    init(habits file: EditedFile) {
        self.init()
        isJSON = file.isJSON
        guard let last = file.segments.last(where: { !$0.documents.isEmpty }) else { return }
        self = last.layout(0).writer
    }
}
