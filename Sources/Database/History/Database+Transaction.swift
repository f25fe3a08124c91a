import GRDB

extension Database {
    /// Runs `body` in a transaction that writes and returns its value.
    func inImmediateTransaction<Value>(_ body: () throws -> Value) throws -> Value {
        var value: Value?
        try inTransaction(.immediate) {
            value = try body()
            return .commit
        }
        guard let value else { throw DatabaseError(message: "a transaction ended without a value") }
        return value
    }
}
