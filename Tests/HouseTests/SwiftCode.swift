/// Swift source reduced to its code: comments and the text of string literals become spaces, lines stay where they
/// are. Code inside an interpolation stays.
struct SwiftCode {
    private var rest: Substring
    private(set) var text = ""

    init(_ source: String) {
        rest = source[...]
        readCode(untilParenthesis: false)
    }

    private mutating func keep() {
        if let character = rest.popFirst() { text.append(character) }
    }

    private mutating func blank(_ count: Int = 1) {
        for _ in 0..<count {
            guard let character = rest.popFirst() else { return }
            text.append(character == "\n" ? "\n" : " ")
        }
    }

    private mutating func readCode(untilParenthesis: Bool) {
        var depth = 0
        while let character = rest.first {
            if rest.hasPrefix("//") {
                while let next = rest.first, next != "\n" { blank() }
            } else if rest.hasPrefix("/*") {
                readComment()
            } else if character == "\"" || (character == "#" && opensRawString) {
                readString()
            } else if untilParenthesis && character == ")" && depth == 0 {
                return
            } else {
                if character == "(" { depth += 1 }
                if character == ")" { depth -= 1 }
                keep()
            }
        }
    }

    private var opensRawString: Bool { rest.drop { $0 == "#" }.first == "\"" }

    private mutating func readComment() {
        var depth = 0
        repeat {
            if rest.hasPrefix("/*") {
                depth += 1
                blank(2)
            } else if rest.hasPrefix("*/") {
                depth -= 1
                blank(2)
            } else {
                blank()
            }
        } while depth > 0 && !rest.isEmpty
    }

    private mutating func readString() {
        let hashes = String(rest.prefix { $0 == "#" })
        blank(hashes.count)
        let quote = rest.hasPrefix("\"\"\"") ? "\"\"\"" : "\""
        blank(quote.count)
        while !rest.isEmpty {
            if rest.hasPrefix(quote + hashes) {
                return blank(quote.count + hashes.count)
            } else if rest.hasPrefix("\\" + hashes + "(") {
                blank(2 + hashes.count)
                readCode(untilParenthesis: true)
                blank()
            } else if rest.hasPrefix("\\" + hashes) {
                blank(2 + hashes.count)
            } else {
                blank()
            }
        }
    }
}
