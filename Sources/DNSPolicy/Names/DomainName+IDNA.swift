internal import CLibIDN2

extension DomainName {
    /// The longest text in octets that is worth converting: 253 characters of at most four octets.
    private static let longestUnicode = 1012

    /// Turns a text with characters beyond ASCII into the ASCII form of its name by libidn2: IDNA 2008 (RFC 5891) with
    /// the mapping of UTS 46, non-transitional.
    ///
    /// Besides letters, digits and hyphens the result may hold `_` (service names) and `*` (wildcards). Everything
    /// else is refused: some characters are mapped to ASCII ones that would then read as an escape or as a path.
    static func asciiForm(of text: Span<UInt8>) throws(DomainNameFault) -> [UInt8] {
        guard text.count <= longestUnicode else { throw .nameTooLong }
        for offset in text.indices {
            let octet = text[offset]
            if octet == UInt8(ascii: "\\") { throw .notIDNA("an escape beside characters that are not ASCII") }
            if octet <= 0x20 || octet == 0x7F { throw .badCharacter(octet, offset: offset) }
        }
        let source = [UInt8](capacity: text.count + 1) { output in
            for offset in text.indices { output.append(text[offset]) }
            output.append(0)
        }
        let flags = Int32(IDN2_NFC_INPUT.rawValue | IDN2_NONTRANSITIONAL.rawValue)
        var result: UnsafeMutablePointer<UInt8>?
        let code = unsafe source.withUnsafeBufferPointer { unsafe idn2_lookup_u8($0.baseAddress, &result, flags) }
        defer { unsafe idn2_free(result) }
        guard code == IDN2_OK.rawValue, let result = unsafe result else { throw fault(of: code) }
        var ascii: [UInt8] = []
        var next = unsafe result
        while case let octet = unsafe next.pointee, octet != 0 {
            guard octet.isAllowedInASCIIForm else { throw .notIDNA("a character that is mapped to octet \(octet)") }
            ascii.append(octet)
            unsafe next += 1
        }
        return ascii
    }

    private static func fault(of code: Int32) -> DomainNameFault {
        switch code {
        case IDN2_TOO_BIG_DOMAIN.rawValue: return .nameTooLong
        case IDN2_TOO_BIG_LABEL.rawValue, IDN2_PUNYCODE_BIG_OUTPUT.rawValue: return .labelTooLong
        default:
            let reason = unsafe idn2_strerror(code).map { unsafe String(cString: $0) }
            return .notIDNA(reason ?? "libidn2 error \(code)")
        }
    }
}

extension UInt8 {
    fileprivate var isAllowedInASCIIForm: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "*"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }
}
