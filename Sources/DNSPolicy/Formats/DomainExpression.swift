/// A regular expression that somebody wrote for names.
enum DomainExpression {
    /// The expression, if RE2 accepts it and it does not match every name.
    static func checked(_ expression: String, mayMatchAll: Bool = false) throws(LineFault) -> String {
        let set: ExpressionSet
        do {
            set = try ExpressionSet([expression])
        } catch {
            // The reason quotes the part that is wrong.
            let reason = Printable.text(error.reason.utf8)
            throw LineFault(.badExpression, "/\(Printable.text(expression.utf8))/: \(reason)")
        }
        // Names that have no character in common: what matches all of them matches everything.
        let probes = ["a", "0", "-", "zz.zz"]
        let isWide = probes.allSatisfy { !set.matches(in: Array($0.utf8)).isEmpty }
        guard mayMatchAll || !isWide else {
            throw LineFault(.tooWide, "/\(Printable.text(expression.utf8))/ would match every name")
        }
        return expression
    }
}
