import Model
import Reconciler

/// A table of expectations in a file, whatever it is about.
enum TableFile {
    /// The text of a table.
    ///
    /// - Throws: ``CommandFailure``, 1.
    static func text(_ file: String) throws -> String {
        let bytes: [UInt8]
        switch SmallFile.read(file, limit: 16 << 20) {
        case .success(let content): bytes = content
        case .failure(let error): throw CommandFailure(.error, "\(file) can't be read: \(error)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure(.error, "\(file) is not UTF-8")
        }
        return text
    }

    /// The failure of a table with lines that are not understood.
    static func failure(_ file: String, _ faults: [(line: Int, reason: String)]) -> CommandFailure {
        CommandFailure(
            .error, "\(file) is not a table of expectations",
            details: faults.map { "\(file):\($0.line): \(TerminalText.escaped($0.reason))" })
    }

    /// The last line for people.
    static func summary(_ expectations: Int, unmet: Int, _ style: TextStyle) -> String {
        let count = Counting.counted(expectations, "expectation")
        return unmet == 0
            ? "\(style.paint("good", .good)): \(count) met"
            : "\(style.paint("not good", .failure)): \(unmet) of \(count) not met"
    }
}
