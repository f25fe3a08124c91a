/// A file while it is edited: pieces that are read alone, so that an edit costs only the reading of its document.
struct EditedFile {
    var segments: [Segment] = []
    /// Where each document stands.
    var documents: [(segment: Int, document: Int)] = []
    let isJSON: Bool
    let lineBreak: String

    /// - Parameter known: the list of the same text, where it was read before.
    init(path: String, bytes: [UInt8], known: LongList? = nil) throws(EditRefusal) {
        guard bytes.count <= SourceText.maximumSize else {
            throw EditRefusal(.start, "the file is larger than 16 MiB")
        }
        isJSON = path.utf8.reversed().starts(with: "nosj.".utf8)
        let firstBreak = bytes.firstIndex(of: UInt8(ascii: "\n"))
        let hasReturns = firstBreak.map { $0 > 0 && bytes[$0 - 1] == UInt8(ascii: "\r") } ?? false
        lineBreak = hasReturns ? "\r\n" : "\n"
        if let known, known.bytes == bytes {
            segments = [Segment(known, lineBreak: lineBreak)]
            indexDocuments()
            return
        }
        var begin = 0
        for end in isJSON ? [bytes.count] : EditedFile.boundaries(bytes) {
            do throws(EditRefusal) {
                segments.append(try Segment(Array(bytes[begin..<end]), isJSON: isJSON, lineBreak: lineBreak))
            } catch {
                throw error.shifted(lines: bytes[..<begin].count { $0 == UInt8(ascii: "\n") }, bytes: begin)
            }
            begin = end
        }
        indexDocuments()
    }

    /// The ends of the pieces: every `---` line, and the end of the text. Directives belong to the document that
    /// follows them, so a text with directives is one piece.
    static func boundaries(_ bytes: [UInt8]) -> [Int] {
        var ends: [Int] = []
        var lines = LineScan(bytes: bytes, offset: 0, line: 1)
        while let line = lines.next() {
            guard line.length > 0 else { continue }
            if bytes[line.start] == UInt8(ascii: "%") { return [bytes.count] }
            if line.start > 0, isMarker(bytes, line.start, line.length) { ends.append(line.start) }
        }
        return ends + [bytes.count]
    }

    /// Whether the line is `---`, alone or with something behind a space.
    static func isMarker(_ bytes: [UInt8], _ start: Int, _ length: Int) -> Bool {
        guard length >= 3, bytes[start..<start + 3].elementsEqual("---".utf8) else { return false }
        return length == 3 || bytes[start + 3] == UInt8(ascii: " ") || bytes[start + 3] == UInt8(ascii: "\t")
    }

    mutating func indexDocuments() {
        documents = segments.indices.flatMap { segment in
            segments[segment].documents.indices.map { (segment, $0) }
        }
    }

    /// The text.
    var bytes: [UInt8] { segments.count == 1 ? segments[0].bytes : segments.reduce(into: []) { $0 += $1.bytes } }

    // MARK: - Edits

    mutating func apply(_ edit: Edit) throws(EditRefusal) {
        switch edit {
        case .set(let document, let path, let value):
            for step in 0... {
                let isChanged = try change(document) { (plan) throws(EditRefusal) in
                    try plan.set(path, value, stepByStep: step < EditPlan.maximumSteps)
                }
                guard isChanged, step <= EditPlan.maximumSteps else { return }
            }
        case .remove(let document, let path):
            try change(document) { (plan) throws(EditRefusal) in try plan.remove(path) }
        case .append(let document, let path, let value):
            try change(document) { (plan) throws(EditRefusal) in try plan.append(path, value) }
        case .removeItem(let document, let path, let index):
            try change(document) { (plan) throws(EditRefusal) in try plan.removeItem(path, index) }
        case .addDocument(let value): try addDocument(value)
        case .removeDocument(let document): try removeDocument(try place(document))
        }
    }

    /// Does what a plan says; false if there is nothing to do.
    @discardableResult
    private mutating func change(
        _ document: Int, _ next: (EditPlan) throws(EditRefusal) -> NodeChange?
    ) throws(EditRefusal) -> Bool {
        let place = try place(document)
        let segment = segments[place.segment]
        do throws(EditRefusal) {
            guard let change = try next(EditPlan(root: segment.documents[place.document].root)) else { return false }
            segments[place.segment] = try segment.applying(change, document: place.document)
            return true
        } catch {
            throw shifted(error, place.segment)
        }
    }

    private func place(_ document: Int) throws(EditRefusal) -> (segment: Int, document: Int) {
        guard documents.indices.contains(document) else {
            throw EditRefusal(.start, "the file has no document \(document), it has \(documents.count) counted from 0")
        }
        return documents[document]
    }

    /// A refusal inside a piece as one inside the file.
    func shifted(_ refusal: EditRefusal, _ segment: Int) -> EditRefusal {
        let before = segments[..<segment]
        return refusal.shifted(
            lines: before.reduce(0) { $0 + $1.bytes.count { $0 == UInt8(ascii: "\n") } },
            bytes: before.reduce(0) { $0 + $1.bytes.count })
    }
}
