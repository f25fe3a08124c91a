/// A time of the day in UTC, to the minute.
public struct TimeOfDay: Sendable, Hashable, CustomStringConvertible {
    /// The minutes since midnight, 0 to 1439.
    public let minutes: Int

    /// A full hour, 0 to 23; others count on into the next days.
    public init(hour: Int) {
        minutes = ((hour % 24) + 24) % 24 * 60
    }

    /// A time from `07:00`; nil for anything else.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":") else { return nil }
        let digits = [bytes[0], bytes[1], bytes[3], bytes[4]].map { Int($0) - Int(UInt8(ascii: "0")) }
        guard digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
        let (hour, minute) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
        guard hour < 24, minute < 60 else { return nil }
        minutes = hour * 60 + minute
    }

    /// The last time it was this time of the day: at `now`, or before.
    public func last(before now: Timestamp) -> Timestamp {
        let day: Int64 = 86_400
        let offset = Int64(minutes) * 60
        let since = ((now.seconds - offset) % day + day) % day
        return Timestamp(seconds: now.seconds - since)
    }

    /// `07:00`.
    public var description: String {
        [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}
