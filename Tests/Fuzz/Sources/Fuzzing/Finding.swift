import Glibc

/// The bytes that libFuzzer hands over.
public func input(_ data: UnsafePointer<UInt8>, _ size: Int) -> [UInt8] {
    unsafe Array(UnsafeBufferPointer(start: data, count: size))
}

/// Ends the run because something does not hold that must. libFuzzer keeps the input.
public func broken(_ reason: String, _ input: some Sequence<UInt8>) -> Never {
    let bytes = Array(input)
    let hexadecimal = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    print("\(reason)\n--- text\n\(String(decoding: bytes, as: UTF8.self).debugDescription)\n--- bytes\n\(hexadecimal)")
    fflush(nil)
    abort()
}

/// How many lines a text has: what follows the last line break is one too.
public func lines(of text: some Sequence<UInt8>) -> Int {
    text.reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
}

/// Whether a message can stand in a log: it holds no control characters.
public func isPrintable(_ message: String) -> Bool {
    message.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) }
}

/// Numbers that are the same in every run (SplitMix64).
public struct Choices {
    private var state: UInt64

    /// The numbers of a seed.
    public init(seed: UInt64) { state = seed }

    /// A number from 0 to `count` - 1; 0 for a count of 0.
    public mutating func next(_ count: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(max(1, count)))
    }
}
