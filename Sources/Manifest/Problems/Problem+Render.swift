import Model

extension Problem {
    /// `path:line:column: error[code]: message`, and the suggestion in a second, indented line.
    ///
    /// Control characters and invisible characters of the path and of quoted values are escaped, so that a file
    /// can't drive the terminal that shows its problems.
    public func render() -> String {
        var text = Printable.escaped(path)
        text += ":\(line):\(column): \(severity.rawValue)[\(code.rawValue)]: \(Printable.escaped(message))"
        if let suggestion {
            for line in suggestion.split(separator: "\n", omittingEmptySubsequences: false) {
                text += "\n    " + Printable.escaped(String(line))
            }
        }
        return text
    }

    /// The problem as one JSON object without line breaks:
    /// `{"path":…,"line":…,"column":…,"severity":…,"code":…,"message":…,"suggestion":…}`.
    public func renderJSON() -> String {
        JSONValue.object([
            ("path", .string(path)), ("line", .number(line)), ("column", .number(column)),
            ("severity", .string(severity.rawValue)), ("code", .string(code.rawValue)),
            ("message", .string(message)), ("suggestion", suggestion.map(JSONValue.string) ?? .null),
        ]).compact
    }
}
