/// What a body of the API wants changed of an object.
public struct BodyChanges: Sendable {
    /// The fields that get another value, in the order of the body.
    public var changes: [BodyChange] = []
    /// The secrets, in plain text.
    public var secrets: [PlainSecret] = []
    /// What is wrong with fields; with any of them nothing is to be changed.
    public var faults: [BodyFieldFault] = []

    /// Nothing.
    public init() {}
}

/// Another value of one field.
public struct BodyChange: Sendable, Equatable {
    /// The field, then the keys inside it.
    public var path: [String]
    /// The value; nil: the default.
    public var value: EditValue?
}

/// What is wrong with one field of a body.
public struct BodyFieldFault: Sendable, Hashable {
    /// The field, with dots for nested ones.
    public var field: String
    /// What is wrong, and what to write instead; never a secret.
    public var message: String
}

/// A secret that a body gives in plain text. It prints as `<redacted>`.
public struct PlainSecret: Sendable, CustomStringConvertible, CustomReflectable {
    /// The field it is for, by its name in documents: `private_key`, `password_hash`.
    public var field: String
    /// The secret.
    public var text: String

    /// A secret.
    public init(field: String, text: String) {
        self.field = field
        self.text = text
    }

    /// Never the secret.
    public var description: String { "\(field): <redacted>" }
    /// Never the secret.
    public var customMirror: Mirror { Mirror(self, children: ["field": field]) }
}
