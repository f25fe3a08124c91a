extension YAMLReader {
    /// libyaml's failure in words that say what to do.
    func explain(_ failure: LibYAMLEvents.Failure, at position: SourcePosition) -> SyntaxError {
        let bytes = source.bytes
        let byte = position.offset < bytes.count ? bytes[position.offset] : 0
        if byte == UInt8(ascii: "\t") || failure.problem.contains("tab character") { return .tab(position) }
        if failure.problem.contains("directive") || failure.problem.contains("incompatible YAML document") {
            let line = SourcePosition(offset: lineStart(position.offset), line: position.line, column: 1)
            return SyntaxError(
                line, .directive, "only the directive %YAML 1.2 is supported", suggestion: "remove the directive")
        }
        if failure.problem.contains("undefined tag handle") {
            return SyntaxError(position, .tag, "tags (!name) are not supported", suggestion: "remove it")
        }
        var message = failure.problem
        if let context = failure.context {
            message += " \(context)"
            let line = marksBaseLine + failure.contextLine
            if line != position.line { message += " that starts in line \(line)" }
        }
        return SyntaxError(position, .syntax, message, suggestion: hint(failure, byte))
    }

    private func lineStart(_ offset: Int) -> Int {
        var offset = min(offset, source.bytes.count)
        while offset > source.start, source.bytes[offset - 1] != UInt8(ascii: "\n") { offset -= 1 }
        return offset
    }

    private func hint(_ failure: LibYAMLEvents.Failure, _ byte: UInt8) -> String? {
        switch failure.problem {
        case "mapping values are not allowed in this context":
            "check the indentation; a value that contains \": \" needs quotes"
        case "did not find expected key", "did not find expected '-' indicator":
            "check the indentation; entries of one mapping or list start in the same column"
        case "could not find expected ':'": "write key: value"
        case "found unexpected end of stream", "found unexpected document indicator": "close the quote or bracket"
        case "did not find expected ',' or ']'", "did not find expected ',' or '}'":
            "separate the elements by commas and close the bracket"
        case "found character that cannot start any token": "put the value in quotes"
        case "block sequence entries are not allowed in this context":
            "begin the list in the next line, or write [a, b]"
        case "found unknown escape character": "write \\\\ for a backslash, or use single quotes"
        default: nil
        }
    }
}
