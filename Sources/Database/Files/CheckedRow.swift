import GRDB
import Model

/// A row of a file that may be damaged: a value that nobody wrote this way is an error, where a subscript of `Row` would
/// end the program. What the value is stands in no error: it may be a secret.
struct CheckedRow {
    private let row: Row

    /// Seconds that every calendar can hold, and sums of them.
    private static let times: ClosedRange<Int64> = -(1 << 40)...(1 << 40)

    init(_ row: Row) { self.row = row }

    /// The value of a column, from 0; where it may be absent, nil is no damage.
    subscript<Value: DatabaseValueConvertible & StatementColumnConvertible>(_ index: Int) -> Value {
        get throws {
            do {
                return try row.decode(Value.self, atIndex: index)
            } catch {
                throw InventoryReader.damaged("column \(index)")
            }
        }
    }

    /// The time in a column, in seconds.
    func time(_ index: Int) throws -> Timestamp {
        guard let time = try optionalTime(index) else { throw InventoryReader.damaged("column \(index)") }
        return time
    }

    /// The time in a column, in seconds, or none.
    func optionalTime(_ index: Int) throws -> Timestamp? {
        guard let seconds: Int64 = try self[index] else { return nil }
        guard Self.times.contains(seconds) else { throw InventoryReader.damaged("column \(index)") }
        return Timestamp(seconds: seconds)
    }
}
