/// The tables of a page whose last column names tests as `file.test`.
struct FaultTable {
    let text: String

    /// The rows under the headings, each with its tests.
    var rows: [(fault: String, tests: [String])] {
        text.split(separator: "\n").filter { $0.hasPrefix("|") }.compactMap { line in
            let cells = line.dropFirst().split(separator: "|", omittingEmptySubsequences: false).dropLast()
            guard let first = cells.first, let last = cells.last, cells.count == 3 else { return (String(line), []) }
            let fault = first.trimmingWhitespace
            if fault == "what breaks" || fault.hasPrefix("---") { return nil }
            let spans = last.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            return (fault, spans.filter { $0.offset % 2 == 1 }.map { String($0.element) })
        }
    }

    /// What is wrong with it: rows without a test, and tests that are not there.
    func violations(_ files: [SourceFile]) -> [String] {
        rows.flatMap { fault, tests in
            tests.isEmpty
                ? ["\(fault): no test"]
                : tests.filter { !Self.isThere($0, files) }.map { "\(fault): there is no test \($0)" }
        }
    }

    private static func isThere(_ name: String, _ files: [SourceFile]) -> Bool {
        guard let dot = name.firstIndex(of: ".") else { return false }
        let (file, test) = (name[..<dot], name[name.index(after: dot)...])
        let forms = ["func \(test)(", "func `\(test)`(", "\ndef \(test)("]
        return files.contains { source in
            source.path.hasPrefix("Tests/")
                && (source.path.hasSuffix("/\(file).swift") || source.path.hasSuffix("/\(file).py"))
                && forms.contains { source.text.contains($0) }
        }
    }
}

extension Substring {
    fileprivate var trimmingWhitespace: String {
        String(drop { $0 == " " }).trimmingSuffix { $0 == " " }
    }
}
