/// Reads a YAML stream into documents with exact ranges.
///
/// libyaml says what the text means; this layer maps its marks to bytes, ends block nodes at their last content
/// line, and walks over every byte that no scalar covers: what stands there must be an indicator, white space or a
/// comment that we know, else the document is refused. That catches the illegal YAML libyaml accepts, and proves the
/// ranges of the scalars.
struct YAMLReader {
    /// After so many broken documents the rest of a file is not read.
    static let maximumFailures = 100
    /// The deepest nesting that is read.
    static let maximumDepth = 32

    let source: SourceText
    private(set) var documents: [SyntaxDocument] = []
    private(set) var errors: [SyntaxError] = []
    /// Whether every document of the stream was read.
    private(set) var isComplete = true

    /// Where the marks of the running parser count from.
    private var marks: MarkMap
    /// What was read last; every byte before it is accounted for.
    var cursor: SourcePosition
    /// The column (0-based) of the innermost block collection, -1 outside.
    var blockColumn = -1
    /// How many brackets and braces are open.
    var flowDepth = 0
    private var depth = 0
    /// How deep the text stands in another one.
    private let outerDepth: Int

    init(_ source: SourceText, depth: Int = 0) {
        self.source = source
        outerDepth = depth
        cursor = SourcePosition(offset: source.start, line: 1, column: 1)
        marks = MarkMap(source: source, base: cursor)
    }

    mutating func readStream() {
        let bytes = source.bytes
        unsafe bytes.withUnsafeBufferPointer { memory in
            var failures = 0
            while true {
                blockColumn = -1
                flowDepth = 0
                depth = outerDepth
                marks = MarkMap(source: source, base: cursor)
                do throws(SyntaxError) {
                    let rest = unsafe UnsafeBufferPointer(rebasing: memory[cursor.offset...])
                    guard var events = unsafe LibYAMLEvents(rest) else {
                        throw SyntaxError(cursor, .syntax, "out of memory")
                    }
                    try readDocuments(&events)
                    return
                } catch {
                    errors.append(conflictMarker ?? error)
                    isComplete = false
                    failures += 1
                    guard failures < YAMLReader.maximumFailures, let next = nextDocument(after: error.position) else {
                        return
                    }
                    cursor = next
                }
            }
        }
    }

    mutating func report(_ error: SyntaxError) {
        errors.append(error)
    }

    /// The start of the first line that begins with `---`, at or below the line of `position`, beyond `cursor`'s
    /// own document start.
    private func nextDocument(after position: SourcePosition) -> SourcePosition? {
        let bytes = source.bytes
        var line = position.line
        var offset = min(position.offset, bytes.count)
        while offset > marks.base.offset, bytes[offset - 1] != UInt8(ascii: "\n") { offset -= 1 }
        while offset < bytes.count {
            if offset > marks.base.offset, isDocumentMarker(at: offset, UInt8(ascii: "-")) {
                return SourcePosition(offset: offset, line: line, column: 1)
            }
            while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
            offset += 1
            line += 1
        }
        return nil
    }

    /// What git leaves in a file when a merge conflicts, in the text of the running parser.
    private var conflictMarker: SyntaxError? {
        var lines = LineScan(bytes: source.bytes, offset: marks.base.offset, line: marks.base.line)
        while let line = lines.next() {
            guard line.length >= 8, source.bytes[line.start..<line.start + 8].elementsEqual("<<<<<<< ".utf8) else {
                continue
            }
            return SyntaxError(
                SourcePosition(offset: line.start, line: line.number, column: 1), .syntax,
                "this is an unresolved merge conflict",
                suggestion: "keep one side and remove the lines of <<<<<<<, ======= and >>>>>>>")
        }
        return nil
    }

    /// Whether three times `character` and then white space stand at the start of the line at `offset`.
    func isDocumentMarker(at offset: Int, _ character: UInt8) -> Bool {
        let bytes = source.bytes
        guard offset + 2 < bytes.count, bytes[offset] == character, bytes[offset + 1] == character,
            bytes[offset + 2] == character
        else { return false }
        guard offset + 3 < bytes.count else { return true }
        switch bytes[offset + 3] {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): return true
        default: return false
        }
    }
}

// MARK: - Events

extension YAMLReader {
    private mutating func next(_ events: inout LibYAMLEvents) throws(SyntaxError) -> LibYAMLEvents.Kind {
        do throws(LibYAMLEvents.Failure) {
            return try events.next()
        } catch {
            throw explain(error, at: position(error.mark))
        }
    }

    /// The line where the input of the running parser starts.
    var marksBaseLine: Int { marks.base.line }

    private mutating func position(_ mark: LibYAMLEvents.Mark) -> SourcePosition { marks.position(mark) }

    private mutating func readDocuments(_ events: inout LibYAMLEvents) throws(SyntaxError) {
        while true {
            switch try next(&events) {
            case .documentStart:
                if events.hasForeignDirective {
                    report(
                        SyntaxError(
                            position(events.start), .directive, "only the directive %YAML 1.2 is supported",
                            suggestion: "remove the directive"))
                }
                try readDocument(&events)
            case .streamEnd:
                checkGap(to: SourcePosition(offset: source.bytes.count, line: 0, column: 0))
                return
            default: continue
            }
        }
    }

    private mutating func readDocument(_ events: inout LibYAMLEvents) throws(SyntaxError) {
        let errorsBefore = errors.count
        let root = try node(try next(&events), &events)
        _ = try next(&events)
        if case .scalar(let scalar) = root.content, scalar.text.isEmpty, root.range.bytes.isEmpty { return }
        documents.append(SyntaxDocument(root: root, hasProblems: errors.count > errorsBefore))
    }

    /// The node whose first event was just read.
    private mutating func node(
        _ kind: LibYAMLEvents.Kind, _ events: inout LibYAMLEvents
    ) throws(SyntaxError) -> Node {
        if events.hasAnchor || events.hasTag { reportDecoration(events) }
        switch kind {
        case .scalar:
            let isTagged = events.hasTag
            let (scalar, range) = try scalar(&events)
            return Node(isTagged ? .unsupported : .scalar(scalar), range: range)
        case .alias:
            let range = SourceRange(start: position(events.start), end: position(events.end))
            report(
                SyntaxError(
                    range.start, .alias, "aliases (*name) are not supported", suggestion: "write the value out"))
            checkGap(to: range.start)
            cursor = range.end
            return Node(.unsupported, range: range)
        default:
            depth += 1
            defer { depth -= 1 }
            let start = position(events.start)
            guard depth <= YAMLReader.maximumDepth else {
                throw SyntaxError(
                    start, .tooDeep, "nested deeper than \(YAMLReader.maximumDepth) levels",
                    suggestion: "no field needs more than a few levels")
            }
            return try events.isFlow ? flow(kind, start, &events) : block(kind, start, &events)
        }
    }

    private mutating func flow(
        _ kind: LibYAMLEvents.Kind, _ start: SourcePosition, _ events: inout LibYAMLEvents
    ) throws(SyntaxError) -> Node {
        let decorated = events.hasAnchor || events.hasTag
        if kind == .mapStart, !decorated, source.bytes[start.offset] != UInt8(ascii: "{") {
            report(
                SyntaxError(
                    start, .unsupportedSyntax, "a mapping inside brackets needs braces",
                    suggestion: "write [{key: value}]"))
        }
        checkGap(to: start)
        flowDepth += 1
        let content =
            kind == .mapStart ? Node.Content.map(try entries(&events)) : .list(try items(&events))
        let end = position(events.end)
        checkGap(to: end)
        flowDepth -= 1
        return Node(content, range: SourceRange(start: start, end: end))
    }

    private mutating func block(
        _ kind: LibYAMLEvents.Kind, _ start: SourcePosition, _ events: inout LibYAMLEvents
    ) throws(SyntaxError) -> Node {
        let outerColumn = blockColumn
        blockColumn = start.column - 1
        defer { blockColumn = outerColumn }
        if kind == .mapStart {
            let entries = try entries(&events)
            let end = entries.last?.range.end ?? cursor
            return Node(
                .map(entries), range: SourceRange(start: entries.first?.range.start ?? start, end: max(end, cursor)))
        }
        let items = try items(&events)
        return Node(.list(items), range: SourceRange(start: start, end: max(items.last?.range.end ?? start, cursor)))
    }

    private mutating func items(_ events: inout LibYAMLEvents) throws(SyntaxError) -> [Node] {
        var items: [Node] = []
        while true {
            let kind = try next(&events)
            if kind == .listEnd { return items }
            items.append(try node(kind, &events))
        }
    }

    private mutating func entries(_ events: inout LibYAMLEvents) throws(SyntaxError) -> [Entry] {
        var entries: [Entry] = []
        var index = KeyIndex()
        while true {
            let kind = try next(&events)
            if kind == .mapEnd { return entries }
            let key = try key(kind, &events)
            let value = try value(try next(&events), after: key?.range.end ?? cursor, &events)
            guard let key else { continue }
            if let first = index.insert(key, entries) {
                report(.duplicateKey(key, first))
            } else {
                entries.append(Entry(key: key, value: value))
            }
        }
    }

    private mutating func key(
        _ kind: LibYAMLEvents.Kind, _ events: inout LibYAMLEvents
    ) throws(SyntaxError) -> Key? {
        guard kind == .scalar else {
            let start = position(events.start)
            let errorsBefore = errors.count
            let node = try node(kind, &events)
            if case .unsupported = node.content { return nil }
            errors.removeSubrange(errorsBefore...)
            report(SyntaxError(start, .invalidKey, "a key must be a string, not a mapping or list"))
            return nil
        }
        if events.hasAnchor || events.hasTag { reportDecoration(events) }
        let (scalar, range) = try scalar(&events)
        if let error = keyError(scalar, range) {
            report(error)
            return nil
        }
        return Key(text: scalar.text, style: scalar.style, range: range)
    }

    /// The value of an entry; an absent one is put directly behind the `:` of its key.
    private mutating func value(
        _ kind: LibYAMLEvents.Kind, after keyEnd: SourcePosition, _ events: inout LibYAMLEvents
    ) throws(SyntaxError) -> Node {
        if kind == .scalar, events.start.index == events.end.index {
            let place = behindColon(from: keyEnd, to: position(events.start))
            cursor = place
            return Node(.scalar(Scalar(text: "", style: .plain)), range: SourceRange(start: place, end: place))
        }
        return try node(kind, &events)
    }

    private mutating func scalar(_ events: inout LibYAMLEvents) throws(SyntaxError) -> (Scalar, SourceRange) {
        let start = position(events.start)
        var end = position(events.end)
        let scalar = Scalar(text: events.scalarText, style: events.scalarStyle)
        checkGap(to: start)
        switch scalar.style {
        case .literal, .folded: end = try blockScalarEnd(from: start)
        case .plain, .single, .double:
            if start.line != end.line { try checkContinuationLines(start, end) }
            if scalar.style == .plain { checkPlain(scalar, start) }
        }
        cursor = end
        return (scalar, SourceRange(start: start, end: end))
    }

    private mutating func reportDecoration(_ events: borrowing LibYAMLEvents) {
        let start = position(events.start)
        if events.hasAnchor {
            report(
                SyntaxError(
                    start, .anchor, "anchors (&name) are not supported",
                    suggestion: "remove it and write values out where they are needed"))
        }
        if events.hasTag {
            report(
                SyntaxError(
                    start, .tag, "tags (!name) are not supported",
                    suggestion: "remove it; quote the value if it must be a string"))
        }
    }
}
