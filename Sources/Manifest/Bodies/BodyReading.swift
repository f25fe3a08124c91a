import Model

/// Merges a mapping of a body into one that is there.
typealias BodyMerge = @Sendable (_ body: Node, _ present: JSONValue, _ path: [String], inout BodyReading) -> Void

/// What is found while one body is read.
struct BodyReading {
    private var context: DecodeContext
    /// What was found so far.
    private(set) var result = BodyChanges()
    private let isUpdate: Bool
    /// How many faults are named. Each costs time and a line of the answer: a body of nothing but unknown fields must
    /// not be answered with many times its size.
    static let mostFaults = 100

    /// - Parameter isUpdate: whether the object is there already.
    init(kind: String, root: Node, isUpdate: Bool) {
        context = DecodeContext(path: "body", kind: kind, root: root)
        self.isUpdate = isUpdate
    }

    /// Whether what stays once an object is there may still be chosen.
    var isCreation: Bool { !isUpdate }
    /// `Peer "phone"`.
    var label: String { context.objectLabel }

    /// Whether enough is wrong to stop looking.
    var isHopeless: Bool { result.faults.count >= Self.mostFaults }

    /// Adds a change; nil lets the default count.
    mutating func change(_ path: [String], to value: EditValue?) {
        result.changes.append(BodyChange(path: path, value: value))
    }

    /// Adds a secret in plain text.
    mutating func take(_ secret: PlainSecret) { result.secrets.append(secret) }

    /// Adds a refusal.
    mutating func refuse(_ path: [String], _ message: String) {
        guard !isHopeless else { return }
        result.faults.append(BodyFieldFault(field: path.joined(separator: "."), message: message))
    }

    /// Decodes a value; what is wrong with it becomes a fault of the field.
    mutating func decode<Value>(
        _ node: Node, by decode: (Node, inout DecodeContext) -> Value?, _ path: [String], isSecret: Bool = false
    ) -> Value? {
        let known = context.problems.count
        context.field = path.joined(separator: ".")
        context.isSecret = isSecret
        let value = decode(node, &context)
        context.isSecret = false
        for problem in context.problems[known...] {
            refuse(path, problem.message + (problem.suggestion.map { ": \($0)" } ?? ""))
        }
        return context.problems.count == known ? value : nil
    }
}
