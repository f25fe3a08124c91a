import FoundationEssentials
import GRDB

/// Values of rows of a file that may be damaged: a wrong type is an error, where a subscript would end the program.
extension Row {
    /// A number within bounds.
    func value(_ index: Int, in bounds: ClosedRange<Int64>) throws(DamagedHistory) -> Int64 {
        guard let value = Int64.fromDatabaseValue(self[index]), bounds.contains(value) else { throw DamagedHistory() }
        return value
    }

    /// A number within bounds, or none.
    func optionalValue(_ index: Int, in bounds: ClosedRange<Int64>) throws(DamagedHistory) -> Int64? {
        hasNull(atIndex: index) ? nil : try value(index, in: bounds)
    }

    /// A count of things.
    func count(_ index: Int) throws(DamagedHistory) -> Int { Int(try value(index, in: 0...1 << 40)) }

    /// A blob.
    func bytes(_ index: Int) throws(DamagedHistory) -> Data {
        guard let data = Data.fromDatabaseValue(self[index]) else { throw DamagedHistory() }
        return data
    }

    /// A text.
    func text(_ index: Int) throws(DamagedHistory) -> String {
        guard let text = String.fromDatabaseValue(self[index]) else { throw DamagedHistory() }
        return text
    }
}
