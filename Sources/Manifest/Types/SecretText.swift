import Model

/// What the text of a secret field is.
enum SecretText {
    case reference(SecretReference)
    case generate
    case absent
    /// A reference with something wrong about its name.
    case malformed(String)
    /// A sealed value that was cut or changed.
    case damaged(String)
    /// Anything else: taken for the secret itself.
    case plain

    init(_ scalar: Scalar) {
        let text = scalar.text
        if scalar.value == .null {
            self = .absent
        } else if text == "generate" {
            self = .generate
        } else if text.hasPrefix("sealed:") {
            self = SecretText.sealed(text)
        } else if text.hasPrefix("file:") {
            let name = String(text.dropFirst(5))
            self =
                SecretText.isFileName(name)
                ? .reference(.file(name))
                : .malformed("the name is a relative path of letters, digits, _ . and -, without \"..\"")
        } else if text.hasPrefix("env:") {
            let name = String(text.dropFirst(4))
            self =
                SecretText.isEnvironmentName(name)
                ? .reference(.environment(name)) : .malformed("the name has letters, digits and _ only")
        } else {
            self = .plain
        }
    }

    private static func sealed(_ text: String) -> SecretText {
        let body = text.utf8.dropFirst(SealedValue.prefix.utf8.count)
        let isBase64 = body.allSatisfy { byte in
            InterfaceName.isAlphanumeric(byte) || "+/=".utf8.contains(byte)
        }
        guard text.hasPrefix(SealedValue.prefix), !body.isEmpty, isBase64 else {
            return .malformed("a sealed value is \(SealedValue.prefix) and base64")
        }
        do throws(SecretFailure) {
            _ = try SealedValue(text: text)
            return .reference(.sealed(text))
        } catch {
            return .damaged(error.description)
        }
    }

    static func isFileName(_ name: String) -> Bool {
        guard (1...255).contains(name.utf8.count) else { return false }
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.allSatisfy { part in
            guard let first = part.first, part.allSatisfy(isFileCharacter) else { return false }
            return first != UInt8(ascii: ".") || part.contains { $0 != UInt8(ascii: ".") }
        }
    }

    private static func isFileCharacter(_ byte: UInt8) -> Bool {
        InterfaceName.isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "-")
    }

    static func isEnvironmentName(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= 128, !(48...57).contains(first) else { return false }
        return name.utf8.allSatisfy { InterfaceName.isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
    }
}
