public import Model

/// A suspension of the loop. Revocations run all the same.
public struct Suspension: Sendable, Hashable {
    /// The longest suspension in seconds, 30 days: one that nobody remembers ends by itself.
    public static let longest: Int64 = 30 * 86_400

    /// Why.
    public var reason: String
    /// Until when. Nil only where an older version stored it: until `resume`.
    public var until: Timestamp?

    /// A suspension.
    public init(reason: String, until: Timestamp?) {
        self.reason = reason
        self.until = until
    }

    /// Whether a text can stand for a reason: one line of 1 to 256 characters that are no control characters.
    public static func isReason(_ text: String) -> Bool {
        (1...256).contains(text.unicodeScalars.count) && !text.unicodeScalars.contains(where: isControl)
    }

    /// Whether a suspension that begins at `now` may end at `until`: later, and not later than ``longest``.
    public static func isEnd(_ until: Timestamp, at now: Timestamp) -> Bool {
        now < until && until <= now.advanced(bySeconds: longest)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028
            || scalar.value == 0x2029
    }
}
