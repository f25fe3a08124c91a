/// The targets of a Makefile, and the targets and paths that texts promise.
struct Makefile {
    let text: String

    /// Names that stand before a colon at the start of a line.
    var targets: Set<String> {
        Set(text.matches(of: /(?m)^([a-z][a-z-]*):(?!=)/).map { String($0.output.1) })
    }

    /// The names after `.PHONY:`.
    var phony: Set<String> {
        Set(
            text.split(separator: "\n").first { $0.hasPrefix(".PHONY:") }?.split(separator: " ").dropFirst().map(
                String.init) ?? [])
    }

    /// Every `make x` of a text, in backticks or as a line of a code block.
    static func mentioned(in text: String) -> Set<String> {
        let quoted = text.matches(of: /`(?:sudo )?make ([a-z][a-z-]*)`/).map { String($0.output.1) }
        let lines = text.matches(of: /(?m)^\s*(?:[$#] )?(?:sudo )?make ([a-z][a-z-]*)/).map { String($0.output.1) }
        return Set(quoted + lines)
    }

    /// Every path of this repository a text names: it starts with one of the top-level folders.
    static func paths(in text: String) -> Set<String> {
        let found = text.matches(of: /(?:^|[\s`(@])((?:Sources|Tests|scripts|examples|schemas|docs|sdk)\/[\w.\/-]+)/)
        return Set(found.map { String($0.output.1).trimmingSuffix(while: { $0 == "." || $0 == "/" }) })
    }
}

extension String {
    func trimmingSuffix(while predicate: (Character) -> Bool) -> String {
        var text = self[...]
        while let last = text.last, predicate(last) { text.removeLast() }
        return String(text)
    }
}
