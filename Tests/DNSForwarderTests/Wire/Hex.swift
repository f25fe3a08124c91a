import Testing

@testable import DNSForwarder

/// Bytes written as hexadecimal fields, one line per field with its meaning beside it.
func hex(_ fields: String...) -> [UInt8] { bytes(ofHex: fields.joined()) }

func bytes(ofHex text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in text where character != " " {
        guard let digit = character.hexDigitValue.map(UInt8.init) else {
            Issue.record("'\(character)' is no hexadecimal digit")
            return []
        }
        if let first = high {
            bytes.append(first << 4 | digit)
            high = nil
        } else {
            high = digit
        }
    }
    #expect(high == nil, "half a byte is left over")
    return bytes
}

/// The other direction, so that a failed comparison can be read.
func text(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// Expects exactly these bytes.
func expect(_ message: [UInt8], _ fields: String..., sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(text(message) == fields.joined().replacing(" ", with: ""), sourceLocation: sourceLocation)
}

/// Decodes, or returns the fault instead.
func fault(_ message: [UInt8]) -> WireFault? {
    do {
        _ = try Message(decoding: message)
        return nil
    } catch {
        return error
    }
}

/// A small generator with a seed, so that a failure can be repeated (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
