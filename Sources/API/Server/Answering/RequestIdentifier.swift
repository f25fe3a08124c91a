import Synchronization

/// Ids of requests: the client's own when it is sane, else one that no other request of any run has.
struct RequestIdentifier: Sendable {
    private let prefix: String
    private let counter = Counter()

    private final class Counter: Sendable {
        let value = Atomic<UInt64>(0)
    }

    /// Ids of one run.
    init() {
        var generator = SystemRandomNumberGenerator()
        prefix = Self.hexadecimal(generator.next())
    }

    /// The id of a request.
    ///
    /// - Parameter given: What the client calls it.
    func id(given: String?) -> String {
        if let given, Self.isSane(given) { return given }
        return prefix + Self.hexadecimal(counter.value.wrappingAdd(1, ordering: .relaxed).newValue)
    }

    /// It stands in logs, headers and commits: 1 to 128 letters, digits, `-`, `_`, `.` and `:`.
    private static func isSane(_ id: String) -> Bool {
        (1...128).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.utf8.count) + text
    }
}
