/// A text whose only document holds a long block list, as it was read: of a text that differs from it in a few items
/// only those are read.
///
/// The line with the dash of an item ends the item before, whatever stands in that, so that whole items mean alone what
/// they mean in their list. What is not certain to do so is left to a reading of the whole text.
struct LongList: Sendable {
    /// The whole text.
    let bytes: [UInt8]
    /// Its only document, without problems.
    let document: SyntaxDocument
    /// Which entry of the document's root is the list.
    let entry: Int

    /// A shorter list is read as quickly as compared.
    static let fewest = 32

    /// The list below a key, where the text and the list are such.
    ///
    /// - Parameter documents: all documents of the text, which has no problems.
    init?(_ key: String, in documents: [SyntaxDocument], of bytes: [UInt8]) {
        guard documents.count == 1, case .map(let entries) = documents[0].root.content,
            let entry = entries.firstIndex(where: { $0.key.text == key }),
            case .list(let items) = entries[entry].value.content, items.count >= Self.fewest,
            EditedFile.boundaries(bytes) == [bytes.count]
        else { return nil }
        self.init(bytes: bytes, document: documents[0], entry: entry)
    }

    init(bytes: [UInt8], document: SyntaxDocument, entry: Int) {
        self.bytes = bytes
        self.document = document
        self.entry = entry
    }

    /// The fields of the document.
    var entries: [Entry] {
        guard case .map(let entries) = document.root.content else { return [] }
        return entries
    }

    /// The list.
    var list: Node { entries[entry].value }

    /// The items of the list.
    var items: [Node] {
        guard case .list(let items) = list.content else { return [] }
        return items
    }

    /// The document with these items of the list alone.
    func root(items range: Range<Int>) -> Node {
        var entries = entries
        let list = Node(.list(Array(items[range])), range: list.range)
        entries[entry] = Entry(key: entries[entry].key, value: list)
        return Node(.map(entries), range: document.root.range)
    }

    // MARK: - Lines

    /// Where the line of an item's dash begins; nil unless dash and item begin on one line, and nothing stands before.
    func dashLine(of item: Int) -> Int? {
        var dash = items[item].range.start.offset - 1
        while dash >= 0, bytes[dash] == UInt8(ascii: " ") { dash -= 1 }
        let start = dash - (list.range.start.column - 1)
        return isDashLine(start, in: bytes) ? start : nil
    }

    /// Whether an item of the list would begin on the line at `start` of a text.
    func isDashLine(_ start: Int, in text: [UInt8]) -> Bool {
        let dash = start + list.range.start.column - 1
        guard isLineStart(start, in: text), dash < text.count, text[dash] == UInt8(ascii: "-") else { return false }
        for offset in start..<dash where text[offset] != UInt8(ascii: " ") { return false }
        return dash + 1 == text.count || text[dash + 1] <= UInt8(ascii: " ")
    }

    func isLineStart(_ offset: Int, in text: [UInt8]) -> Bool {
        offset == 0 || offset > 0 && offset <= text.count && text[offset - 1] == UInt8(ascii: "\n")
    }
}
