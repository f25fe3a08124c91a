public import Model

/// Reads a list line by line into its compiled form. The text is given in pieces, so that it need not be in memory.
public struct ListCompiler: ~Copyable {
    /// How large a list may be.
    public struct Limits: Sendable {
        /// Bytes of text in all.
        public var bytes = 256 << 20
        /// Lines in all.
        public var lines = 10_000_000
        /// Rules that are no plain names, which take some hundred bytes of memory each.
        public var rules = 250_000
        /// Bytes of one line; longer ones are skipped and counted.
        public var lineLength = 4096

        /// The limits for lists from anywhere.
        public init() {}
    }

    private let name: String
    private let format: Blocklist.Format
    private let key: NameKey
    private let limits: Limits
    private var entries = NameEntries()
    private var rules = KeptRules()
    private var skipped: [SkipReason: Int] = [:]
    private var line = 0
    private var bytes = 0
    /// The begin of a line whose end is still to come.
    private var rest: [UInt8] = []

    /// A compiler for the list `name`.
    public init(name: String, format: Blocklist.Format, key: NameKey, limits: Limits = Limits()) {
        self.name = name
        self.format = format
        self.key = key
        self.limits = limits
    }

    /// Takes the next piece of the text, cut anywhere.
    ///
    /// - Throws: ``ListFault`` if the text is no list or is too large; nothing of it may then be used.
    public mutating func take(_ piece: some Collection<UInt8>) throws(ListFault) {
        bytes += piece.count
        guard bytes <= limits.bytes else { throw .tooLarge(bytes: limits.bytes) }
        var piece = Array(piece)[...]
        while let end = piece.firstIndex(of: 0x0A) {
            let head = piece[..<end]
            piece = piece[(end + 1)...]
            if rest.isEmpty {
                try endLine(head)
            } else {
                rest += head
                try endLine(rest[...])
                rest.removeAll(keepingCapacity: true)
            }
        }
        // Of a line that is too long already no more is kept.
        if rest.count <= limits.lineLength { rest += piece }
    }

    /// Ends the text.
    ///
    /// - Throws: ``ListFault`` if the text is no list, or no rule is in it.
    public consuming func finish() throws(ListFault) -> CompiledList {
        if !rest.isEmpty { try endLine(rest[...]) }
        guard count > 0 else { throw .empty(skipped: skipped.values.reduce(0, +)) }
        do {
            return try CompiledList(
                name: name, format: format, key: key, names: NameTable(entries), rules: rules, skipped: skipped)
        } catch {
            throw .expressions(error.reason)
        }
    }

    private mutating func endLine(_ text: ArraySlice<UInt8>) throws(ListFault) {
        line += 1
        guard line <= limits.lines else { throw .tooManyLines(limits.lines) }
        var text = text
        if line == 1, text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        guard text.count <= limits.lineLength else { return skipped[.tooLong, default: 0] += 1 }
        if count == 0, text.first(where: { !ListLine.isBlank($0) }) == UInt8(ascii: "<") { throw .page }
        guard rules.rules.count + rules.disabled.count <= limits.rules else { throw .tooManyRules(limits.rules) }
        do {
            switch try ListLine.read(text, as: format, at: RuleSource(origin: name, line: line)) {
            case .nothing: break
            case .disables(let rule): rules.add(disabling: rule, text, at: line)
            case .names(let patterns): for pattern in patterns { add(pattern) }
            case .rule(let rule):
                if !rule.isPlainBlock || !add(rule.pattern) { rules.add(rule, text) }
            }
        } catch {
            skipped[error.reason, default: 0] += 1
        }
    }

    private var count: Int { entries.count + rules.rules.count + rules.disabled.count }

    /// Adds a pattern that is blocked without condition, if the table of names can hold it.
    @discardableResult
    private mutating func add(_ pattern: DomainPattern) -> Bool {
        switch pattern {
        case .exact(let name): entries.add(exactly: name, under: key, line: line)
        case .subtree(let name): entries.add(subtree: name, under: key, line: line)
        case .below, .expression: return false
        }
        return true
    }
}
