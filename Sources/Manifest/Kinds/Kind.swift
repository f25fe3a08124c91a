import Model

/// A kind of document: its table of fields and how an object begins.
struct Kind<Object: Sendable>: Sendable {
    /// The word behind `kind:`; the host file has none.
    let name: String
    /// What the kind is for.
    let documentation: String
    /// The name of its JSON Schema without `.schema.json`.
    let schemaName: String
    /// Whether its documents carry `kind` and `apiVersion`.
    let hasHeader: Bool
    /// The fields.
    let table: FieldTable<Object>
    /// Conditions between fields, for the JSON Schema (`allOf`).
    let conditions: [JSONValue]
    /// An object with nothing but defaults.
    let initial: @Sendable (SourceLocation) -> Object
    /// What must hold between the fields of one object.
    let check: @Sendable (inout Declared<Object>, inout DecodeContext) -> Void

    init(
        _ name: String, _ documentation: String, schemaName: String, hasHeader: Bool = true,
        table: FieldTable<Object>, conditions: [JSONValue] = [],
        initial: @escaping @Sendable (SourceLocation) -> Object,
        check: @escaping @Sendable (inout Declared<Object>, inout DecodeContext) -> Void = { _, _ in }
    ) {
        self.name = name
        self.documentation = documentation
        self.schemaName = schemaName
        self.hasHeader = hasHeader
        self.table = table
        self.conditions = conditions
        self.initial = initial
        self.check = check
    }

    /// Reads one document; every problem is appended to `problems`.
    func decode(_ root: Node, path: String, problems: inout [Problem]) -> Declared<Object> {
        let start = root.range.start
        var context = DecodeContext(path: path, kind: name, root: root)
        var object = initial(SourceLocation(path: path, line: start.line, column: start.column))
        guard case .map(let entries) = root.content else { preconditionFailure("a kind is read from a mapping") }
        let header = hasHeader ? ["kind", "apiVersion"] : []
        let (present, valid) = table.decode(entries, into: &object, ignoring: header, &context)
        for (number, field) in table.fields.enumerated() where field.isRequired && !present.contains(number) {
            context.report(
                start, .missingField, "\(context.objectLabel) has no \(field.name)",
                suggestion: "\(field.name): <\(field.allowed)>")
        }
        var declared = Declared(
            object: object, path: path, start: start, positions: context.positions, present: present, valid: valid)
        check(&declared, &context)
        problems += context.problems
        return Declared(
            object: declared.object, path: path, start: start, positions: context.positions, present: present,
            valid: valid, isComplete: context.problems.isEmpty)
    }
}

/// An object as one document declares it, with the places of its fields. A copy costs one reference: validation takes
/// 10,000 of them apart at each write.
struct Declared<Object: Sendable>: Sendable {
    private final class Storage: Sendable {
        let object: Object
        let path: String
        let start: SourcePosition
        let positions: FieldPositions
        let present: FieldSet
        let valid: FieldSet
        let isComplete: Bool

        init(
            object: Object, path: String, start: SourcePosition, positions: FieldPositions, present: FieldSet,
            valid: FieldSet, isComplete: Bool
        ) {
            self.object = object
            self.path = path
            self.start = start
            self.positions = positions
            self.present = present
            self.valid = valid
            self.isComplete = isComplete
        }
    }

    private var storage: Storage

    var object: Object {
        _read { yield storage.object }
        set {
            storage = Storage(
                object: newValue, path: path, start: start, positions: storage.positions, present: present,
                valid: valid, isComplete: isComplete)
        }
    }
    var path: String { storage.path }
    /// Where the document begins.
    var start: SourcePosition { storage.start }
    /// The fields that stand in the document.
    var present: FieldSet { storage.present }
    /// Those of them that were accepted.
    var valid: FieldSet { storage.valid }
    /// Whether the document alone had no problems.
    var isComplete: Bool { storage.isComplete }

    init(
        object: Object, path: String, start: SourcePosition, positions: FieldPositions, present: FieldSet,
        valid: FieldSet, isComplete: Bool = true
    ) {
        storage = Storage(
            object: object, path: path, start: start, positions: positions, present: present, valid: valid,
            isComplete: isComplete)
    }

    /// The same fields of another content, which stand at other places.
    func replaced(by object: Object, at positions: FieldPositions) -> Declared {
        Declared(
            object: object, path: path, start: start, positions: positions, present: present, valid: valid,
            isComplete: isComplete)
    }

    /// The same further down in its file.
    ///
    /// - Parameter object: the object with the place where it stands now.
    func shifted(_ shift: SourceShift, _ object: Object) -> Declared {
        Declared(
            object: object, path: path, start: start.shifted(shift),
            positions: storage.positions.shifted(lines: shift.lines), present: present, valid: valid,
            isComplete: isComplete)
    }

    /// Where a field's value stands (element `item` from 1), or where the document begins.
    func position(of field: Int, item: Int = 0) -> SourcePosition {
        storage.positions.position(of: field, item: item) ?? start
    }

    /// The same as `path:line:column`.
    func location(of field: Int, item: Int = 0) -> String {
        let position = position(of: field, item: item)
        return "\(path):\(position.line):\(position.column)"
    }
}
