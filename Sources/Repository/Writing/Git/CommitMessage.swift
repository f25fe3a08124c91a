import Manifest

/// The message of a commit: subject, body, trailers, with a blank line between each.
enum CommitMessage {
    static func text(_ change: TreeChange, _ trailers: [CommitTrailer]) -> [UInt8] {
        let subject = oneLine(change.subject)
        var parts = [subject.isEmpty ? "Change the configuration" : subject]
        let body = change.body.split(separator: "\n", omittingEmptySubsequences: false).map(printable)
            .joined(separator: "\n").trimmed
        if !body.isEmpty { parts.append(body) }
        let lines = trailers.compactMap { trailer -> String? in
            let value = oneLine(trailer.value)
            let isKey = !trailer.key.isEmpty && trailer.key.utf8.allSatisfy(isKeyByte)
            return isKey && !value.isEmpty ? "\(trailer.key): \(value)" : nil
        }
        if !lines.isEmpty { parts.append(lines.joined(separator: "\n")) }
        return Array((parts.joined(separator: "\n\n") + "\n").utf8)
    }

    /// No control character reaches a terminal that shows the log, and no value can begin a line of its own.
    private static func oneLine(_ text: String) -> String {
        printable(text[...]).split(separator: " ").joined(separator: " ")
    }

    private static func printable(_ text: some StringProtocol) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            scalars.append(isControl || scalar.value == 0x2028 || scalar.value == 0x2029 ? " " : scalar)
        }
        return String(scalars)
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

extension String {
    /// Without spaces and line feeds at both ends.
    fileprivate var trimmed: String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
