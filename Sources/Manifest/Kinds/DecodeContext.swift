/// What a decoder knows while it reads one document, and the problems it found.
struct DecodeContext {
    /// The file.
    let path: String
    /// The kind of the document.
    let kind: String
    /// The document.
    let root: Node
    /// What was found.
    private(set) var problems: [Problem] = []
    /// Where the fields stand.
    private(set) var positions = FieldPositions()
    /// The field that is being read, with dots for nested ones.
    var field = ""
    /// Whether the value of the field may not be shown.
    var isSecret = false
    private var fieldNumber = 0
    /// The field inside the top-level one, from 1; 0 for none.
    private var innerField = 0

    init(path: String, kind: String, root: Node) {
        self.path = path
        self.kind = kind
        self.root = root
    }

    /// `Peer "phone"`, or the kind alone without a usable name; rules go by their domain.
    var objectLabel: String {
        let named = kind == DNSRuleKind.kind.name ? root["domain"] : root["name"] ?? root["username"]
        guard case .scalar(let name)? = named?.content, name.value == .string else { return kind }
        return "\(kind) \(Printable.quoted(name.text))"
    }

    mutating func beginField(_ number: Int, _ position: SourcePosition) {
        fieldNumber = number
        positions.append(number, position)
    }

    /// Begins a field of the mapping that is the value of the current top-level field. Returns whether it is one: what
    /// lies deeper is not told apart.
    mutating func beginInnerField(_ number: Int, _ position: SourcePosition) -> Bool {
        guard innerField == 0 else { return false }
        innerField = number + 1
        positions.append(fieldNumber, item: FieldPositions.item(0, of: number), position)
        return true
    }

    mutating func endInnerField() { innerField = 0 }

    /// Remembers where element `item`, counted from 1, of the current field stands.
    mutating func recordItem(_ item: Int, _ position: SourcePosition) {
        let item = innerField == 0 ? item : FieldPositions.item(item, of: innerField - 1)
        positions.append(fieldNumber, item: item, position)
    }

    mutating func report(
        _ position: SourcePosition, _ code: ProblemCode, _ message: String, suggestion: String? = nil
    ) {
        problems.append(
            Problem(path: path, position: position, code: code, message: message, suggestion: suggestion))
    }

    /// Takes over what was found in an object inside the document.
    mutating func report(_ found: [Problem]) { problems += found }

    /// Reports something about the current field: `listen_port of Interface "wg0" <message>`.
    mutating func reportField(
        _ node: Node, _ code: ProblemCode, _ message: String, suggestion: String? = nil
    ) {
        report(node.range.start, code, "\(field) of \(objectLabel) \(message)", suggestion: suggestion)
    }

    /// Reports a value of another type.
    mutating func wrongType(_ node: Node, allowed: String, suggestion: String? = nil) {
        if case .unsupported = node.content { return }
        reportField(node, .wrongType, "must be \(allowed), found \(found(node))", suggestion: suggestion)
    }

    /// Reports a value that is not allowed.
    mutating func invalid(_ node: Node, allowed: String, suggestion: String? = nil) {
        if case .unsupported = node.content { return }
        reportField(
            node, .invalidValue, "must be \(allowed), found \(found(node))",
            suggestion: isSecret ? nil : suggestion)
    }

    /// What stands there, in words; nothing of a secret.
    func found(_ node: Node) -> String {
        switch node.content {
        case .map: return "a mapping"
        case .list: return "a list"
        case .unsupported: return "a form that is not supported"
        case .scalar(let scalar):
            if scalar.value == .null { return "nothing" }
            if isSecret { return "something else" }
            switch scalar.value {
            case .null: return "nothing"
            case .boolean: return scalar.text
            case .integer, .number: return "the number \(Printable.shortened(scalar.text))"
            case .ambiguous: return "the number \(Printable.shortened(scalar.text)) with a leading zero"
            case .string: return Printable.quoted(scalar.text)
            }
        }
    }

    /// The text of a string; numbers, truth values and nothing are refused with the quoted form to write.
    ///
    /// - Parameter suggestion: what to write instead of a plain scalar that is no string.
    mutating func string(
        _ node: Node, allowed: String, suggestion: (String) -> String? = { "write \"\(Printable.shortened($0))\"" }
    ) -> String? {
        guard case .scalar(let scalar) = node.content else {
            wrongType(node, allowed: allowed)
            return nil
        }
        guard scalar.value == .string else {
            if scalar.value == .null || isSecret {
                wrongType(node, allowed: allowed)
            } else {
                wrongType(node, allowed: "a string: \(allowed)", suggestion: suggestion(scalar.text))
            }
            return nil
        }
        return scalar.text
    }
}
