import Model

/// Display names of peers.
enum PeerName {
    static let maximumLength = 128
    static let allowed = "a name of 1 to \(maximumLength) characters"
    /// Characters with a meaning in shells, nftables, paths and quotes.
    static let forbidden = "/\\\"`$;|<>{}"

    struct Fault {
        var message: String
        var suggestion: String?
    }

    /// What is wrong with a name, nil if it is fine.
    static func fault(of name: String) -> Fault? {
        guard !name.isEmpty else { return Fault(message: "must be \(allowed)") }
        guard name.utf8.count <= 4 * maximumLength, name.unicodeScalars.count <= maximumLength else {
            return Fault(message: "must be \(allowed)")
        }
        if !name.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && !forbiddenBytes.contains($0) }) {
            if let fault = characterFault(name) { return fault }
        }
        guard name.utf8.first != UInt8(ascii: " "), name.utf8.last != UInt8(ascii: " ") else {
            return Fault(message: "must not begin or end with a space")
        }
        if isAddress(name) {
            return Fault(message: "must not be an address or a prefix", suggestion: "write the address into ip")
        }
        return nil
    }

    private static let forbiddenBytes = Array(forbidden.utf8)

    private static func isAddress(_ name: String) -> Bool {
        guard let first = name.utf8.first, first == UInt8(ascii: ":") || InterfaceName.isAlphanumeric(first) else {
            return false
        }
        guard name.utf8.contains(UInt8(ascii: ".")) || name.utf8.contains(UInt8(ascii: ":")) else { return false }
        return IPAddress(name) != nil
    }

    private static func characterFault(_ name: String) -> Fault? {
        for scalar in name.unicodeScalars {
            if forbidden.unicodeScalars.contains(scalar) {
                return Fault(
                    message: "must not contain \(scalar)",
                    suggestion: "letters, digits, spaces, ' & ( ) . , : _ - and the like are allowed")
            }
            if isHidden(scalar) {
                let hex = String(scalar.value, radix: 16, uppercase: true)
                return Fault(
                    message: "must not contain the control, format or separator character"
                        + " U+\(String(repeating: "0", count: max(0, 4 - hex.count)) + hex)")
            }
        }
        if !NormalizationFormC.isNormalized(name) {
            return Fault(
                message: "must be in Unicode normalization form C",
                suggestion: "write \"\(NormalizationFormC.of(name))\" with composed characters")
        }
        return nil
    }

    /// Control and bidirectional characters, separators, unassigned and private ones; the joiners of emoji are fine.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value == 0x200D || scalar.value == 0x200C { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: return true
        case .spaceSeparator: return scalar != " "
        default: return false
        }
    }
}
