/// A piece of a text and what takes its place.
struct Splice {
    var range: Range<Int>
    var text: [UInt8]

    /// Replaces a piece.
    init(_ range: Range<Int>, _ text: [UInt8] = []) {
        self.range = range
        self.text = text
    }

    /// Inserts before the byte at `offset`.
    init(at offset: Int, _ text: [UInt8]) { self.init(offset..<offset, text) }
}

/// The splices of one edit, and where comments may vanish with a deleted node.
struct TextChange {
    /// In the order of the text, without overlap.
    var splices: [Splice]
    /// Deleted nodes with the comments that belong to them.
    var deleted: [Range<Int>] = []

    /// The text after the change.
    func applied(to bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + splices.reduce(0) { $0 + $1.text.count })
        var offset = 0
        for splice in splices {
            result += bytes[offset..<splice.range.lowerBound]
            result += splice.text
            offset = splice.range.upperBound
        }
        return result + bytes[offset...]
    }
}
