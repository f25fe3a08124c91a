import Model

/// An axis of bytes that begins at zero, with ticks at round numbers of one unit.
struct ByteAxis: Equatable {
    /// The distance of the ticks, in bytes; may hold a fraction (0.1 KiB).
    let step: Double
    private let unit: String
    /// The distance of the ticks, in tenths of the unit: 1, 2 or 5 times a power of ten.
    private let stepTenths: Int64

    /// The axis that shows `largest` with at most `most` steps.
    init(largest: UInt64, most: Int) {
        let power = Self.power(of: largest)
        let size = Self.size(power)
        let room = Double(max(1, most))
        // There is no half a byte.
        var (digit, scale): (Int, Int64) = (0, power == 0 ? 10 : 1)
        let digits: [Int64] = [1, 2, 5]
        while Double(digits[digit] * scale) * room * size < Double(largest) * 10 {
            digit += 1
            if digit == digits.count { (digit, scale) = (0, scale * 10) }
        }
        stepTenths = digits[digit] * scale
        unit = TrafficUnits.bytes[power]
        step = Double(stepTenths) * size / 10
    }

    /// How many steps it takes to show `amount`; at least one.
    func steps(for amount: UInt64) -> Int { max(1, Int((Double(amount) / step).rounded(.up))) }

    /// The text of the tick `index` steps from zero.
    func label(_ index: Int) -> String {
        if index == 0 { return "0" }
        let tenths = Int64(index) * stepTenths
        return "\(stepTenths % 10 == 0 ? "\(tenths / 10)" : JSONValue.decimalText(tenths, 1)) \(unit)"
    }

    private static func power(of amount: UInt64) -> Int {
        var (rest, power) = (amount, 0)
        while rest >= 1024 {
            rest /= 1024
            power += 1
        }
        return power
    }

    private static func size(_ power: Int) -> Double { Double(UInt64(1) << (10 * UInt64(power))) }
}
