/// The types of record that a rule is limited to (`$dnstype`).
struct TypeCondition: Sendable, Hashable {
    /// Only these, if there are any.
    var included: Set<RecordType> = []
    /// None of these.
    var excluded: Set<RecordType> = []

    func holds(for type: RecordType) -> Bool {
        !excluded.contains(type) && (included.isEmpty || included.contains(type))
    }

    /// The same condition has the same text, in whatever order it was written.
    var canonicalText: String {
        (included.map { "\($0)" }.sorted() + excluded.map { "~\($0)" }.sorted()).joined(separator: "|")
    }
}
