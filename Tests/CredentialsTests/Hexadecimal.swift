/// Bytes from hexadecimal text, as test vectors of RFCs are written.
func bytes(hex text: String) -> [UInt8] {
    let digits = text.utf8.filter { $0 != 0x20 }.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
