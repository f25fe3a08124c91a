import DNSPolicy
import Testing

@Suite struct DomainNameIDNATests {
    @Test(arguments: [
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.Example.", "xn--bcher-kva.example"),
        // The same letter as two characters: NFC.
        ("bu\u{308}cher.example", "xn--bcher-kva.example"),
        // Non-transitional: not `fass.de`.
        ("faß.de", "xn--fa-hia.de"),
        ("例え。jp", "xn--r8jz45g.jp"),
        ("a．b｡c", "a.b.c"),
        ("ｅxample.com", "example.com"),
        ("a\u{AD}b.com", "ab.com"),
        ("_dmarc.bücher.example", "_dmarc.xn--bcher-kva.example"),
        ("ex_ämple.com", "xn--ex_mple-7wa.com"),
        ("*.bücher.example", "*.xn--bcher-kva.example"),
        ("xn--bcher-kva.ü", "xn--bcher-kva.xn--tda"),
        ("пример.испытание", "xn--e1afmkfd.xn--80akhbyknj4f"),
        ("。", "."),
        // Only ASCII: taken as it is, also when it is no A-label.
        ("xn--zz.example", "xn--zz.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
    ])
    func converted(_ text: String, _ printed: String) throws {
        #expect(try DomainName(text: text).description == printed)
    }

    @Test(arguments: [
        ("💩.la", "disallowed character"),
        ("☃.net", "disallowed character"),
        ("a\u{200D}ü", "context-j"),
        ("\u{202E}abc.ü", "disallowed character"),
        ("xn--zz.ü", "punycode"),
        ("-ü.de", "hyphen"),
        ("1א.com", "bi-directional"),
        // Mapped to `a/c`.
        ("℀.ü", "octet 47"),
        (#"ü\.a"#, "escape"),
        (#"ü\065"#, "escape"),
        // A fullwidth backslash would be mapped to one.
        ("ü＼046", "roundtrip"),
    ])
    func refused(_ text: String, _ reason: String) {
        do {
            let name = try DomainName(text: text)
            Issue.record("\(text) was read as \(name)")
        } catch .notIDNA(let why) {
            #expect(why.contains(reason), "\(text)")
        } catch {
            Issue.record("\(text): \(error)")
        }
    }

    @Test(
        arguments: [
            (Array("bücher..example".utf8), .emptyLabel),
            // A soft hyphen is mapped to nothing.
            (Array("\u{AD}.com".utf8), .emptyLabel),
            (Array("ü b.de".utf8), .badCharacter(0x20, offset: 2)),
            (Array("ü\u{0}.de".utf8), .badCharacter(0, offset: 2)),
            (Array(String(repeating: "ü.", count: 600).utf8), .nameTooLong),
            (Array(String(repeating: "ü.", count: 40).utf8), .nameTooLong),
            (Array(String(repeating: "ü", count: 60).utf8), .labelTooLong),
            (Array(("ü." + String(repeating: "a", count: 64)).utf8), .labelTooLong),
            ([0xFF, 0xFE, 0x2E, 0x61], .notIDNA("string encoding error")),
            // The end of a character is missing.
            ([0x61, 0xC3], .notIDNA("string encoding error")),
        ] as [([UInt8], DomainNameFault)])
    func refusedAsText(_ text: [UInt8], _ fault: DomainNameFault) {
        #expect(throws: fault) { try DomainName(text: text) }
    }
}
