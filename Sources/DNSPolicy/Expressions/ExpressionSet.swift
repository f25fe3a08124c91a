private import CRE2

/// Regular expressions that are searched for together, in one pass over a name, in time linear in its length.
///
/// The syntax is RE2's (https://github.com/google/re2/wiki/Syntax): no back references and no look-around, which is what
/// keeps the time linear. Letters of both cases are equal, and an expression matches anywhere in the name unless it is
/// anchored.
@safe final class ExpressionSet: @unchecked Sendable {
    // Only read after `init`; RE2 sets may be searched by several threads at once.
    private let set: OpaquePointer
    /// How many expressions there are.
    let count: Int

    /// Compiles expressions; their numbers are their positions.
    ///
    /// - Throws: ``ExpressionFault`` for the first that RE2 does not accept, or if all together are too large.
    init(_ expressions: [String]) throws(ExpressionFault) {
        guard let set = unsafe cre2_set_new() else { throw ExpressionFault(number: 0, reason: "out of memory") }
        unsafe self.set = set
        count = expressions.count
        for (number, expression) in expressions.enumerated() {
            if let reason = unsafe Self.add(expression, to: set) {
                throw ExpressionFault(number: number, reason: reason)
            }
        }
        guard unsafe cre2_set_compile(set) != 0 else {
            throw ExpressionFault(number: 0, reason: "the expressions take too much memory together")
        }
    }

    deinit { unsafe cre2_set_delete(set) }

    private static func add(_ expression: String, to set: OpaquePointer) -> String? {
        var reason = [CChar](repeating: 0, count: 200)
        let bytes = Array(expression.utf8)
        let number = unsafe bytes.withUnsafeBytes { pattern in
            unsafe reason.withUnsafeMutableBufferPointer { reason in
                unsafe cre2_set_add(
                    set, pattern.baseAddress?.assumingMemoryBound(to: CChar.self), pattern.count, reason.baseAddress,
                    reason.count)
            }
        }
        guard number < 0 else { return nil }
        return String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The numbers of the expressions that are found in `text`, ascending.
    func matches(in text: [UInt8]) -> [Int] {
        unsafe withUnsafeTemporaryAllocation(of: CInt.self, capacity: count) { found in
            let matching = unsafe text.withUnsafeBytes { text in
                unsafe cre2_set_match(
                    set, text.baseAddress?.assumingMemoryBound(to: CChar.self), text.count, found.baseAddress, count)
            }
            return unsafe found.prefix(matching).map { Int($0) }
        }
    }
}

/// Why an expression is not taken.
struct ExpressionFault: Error, Equatable {
    /// The position of the expression, from 0.
    let number: Int
    /// RE2's reason.
    let reason: String
}
