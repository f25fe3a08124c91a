/// The anchors of a mask, and what stands between them.
struct Anchors {
    private enum Start { case anywhere, label, name }

    private let start: Start
    private let isEnded: Bool
    /// Whether there are no anchors and no masks at all.
    private let isBare: Bool
    /// What is left without anchors and without masks at open ends, where they say nothing.
    let body: ArraySlice<UInt8>

    init(_ text: ArraySlice<UInt8>) {
        let whole = text.count
        var text = text
        if text.starts(with: "||".utf8) {
            (start, text) = (.label, text.dropFirst(2))
        } else if text.first == UInt8(ascii: "|") {
            (start, text) = (.name, text.dropFirst())
        } else {
            start = .anywhere
        }
        var isEnded = false
        if text.last == UInt8(ascii: "|") { (isEnded, text) = (true, text.dropLast()) }
        if text.last == UInt8(ascii: "^") { (isEnded, text) = (true, text.dropLast()) }
        if !isEnded { while text.last == UInt8(ascii: "*") { text = text.dropLast() } }
        self.isEnded = isEnded
        body = text
        isBare = text.count == whole
    }

    /// The pattern as a name, if it is one: these are found by a table instead of a search.
    ///
    /// - Throws: ``LineFault`` if it has the form of a name with characters outside ASCII and isn't one.
    func namePattern() throws(LineFault) -> DomainPattern? {
        var text = body
        let isBelow = start == .label && isEnded && text.starts(with: "*.".utf8)
        if isBelow { text = text.dropFirst(2) }
        guard !text.isEmpty, !text.contains(UInt8(ascii: "*")), text.first != UInt8(ascii: ".") else { return nil }
        if text.allSatisfy(AdblockPattern.isNameByte)
            || text.allSatisfy({ $0 == UInt8(ascii: ":") || isHexadecimal($0) })
        {
            guard let name = try? DomainName(text: Array(text)), name != .root else { return nil }
            return pattern(name, isBelow: isBelow)
        }
        return pattern(try ListLine.name(text), isBelow: isBelow)
    }

    private func pattern(_ name: DomainName, isBelow: Bool) -> DomainPattern? {
        switch (start, isEnded) {
        case (.label, true): isBelow ? .below(name) : .subtree(name)
        case (.name, true): .exact(name)
        case (.anywhere, false): isBare ? .exact(name) : nil
        case (.label, false), (.name, false), (.anywhere, true): nil
        }
    }

    private func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    /// The mask as a regular expression over the text of a name.
    func expression() throws(LineFault) -> String {
        guard body.allSatisfy({ AdblockPattern.isNameByte($0) || $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: ":") })
        else { throw LineFault(.badName, "\(Printable.text(body)) has characters that no name has") }
        var expression =
            switch start {
            case .anywhere: ""
            case .label: #"(?:^|\.)"#
            case .name: "^"
            }
        for byte in body {
            switch byte {
            case UInt8(ascii: "*"): expression += ".*"
            case UInt8(ascii: "."): expression += #"\."#
            default: expression.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return expression + (isEnded ? "$" : "")
    }
}
