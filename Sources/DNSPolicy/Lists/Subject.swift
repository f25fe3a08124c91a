/// A question with what searching for it needs, made once for all layers and never copied.
struct Subject: ~Copyable {
    let question: PolicyQuestion
    /// The keys of the name and of the names above it, the root left out.
    let keys: [UInt64]
    /// The name as text, for expressions.
    let text: [UInt8]

    init(_ question: PolicyQuestion, key: NameKey, needsText: Bool) {
        self.question = question
        keys = NameKeys(question.name, under: key).keys
        text = needsText ? Array("\(question.name)".utf8) : []
    }

    /// The name `depth` labels above that of the question.
    func name(at depth: Int) -> DomainName { question.name.suffix(droppingLabels: depth) }
}
