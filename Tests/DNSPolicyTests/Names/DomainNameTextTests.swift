import DNSPolicy
import Testing

@Suite struct DomainNameTextTests {
    private static func wire(_ labels: [UInt8]...) -> [UInt8] { labels.flatMap { [UInt8($0.count)] + $0 } + [0] }

    /// Text, wire form, and the text it is printed as.
    @Test(
        arguments: [
            (".", [0], "."),
            ("com", wire([0x63, 0x6F, 0x6D]), "com"),
            ("a.B.", wire([0x61], [0x62]), "a.b"),
            ("_dmarc.a", wire(Array("_dmarc".utf8), [0x61]), "_dmarc.a"),
            ("*.a", wire([0x2A], [0x61]), "*.a"),
            (#"a\.b.c"#, wire([0x61, 0x2E, 0x62], [0x63]), #"a\.b.c"#),
            (#"a\\b"#, wire([0x61, 0x5C, 0x62]), #"a\\b"#),
            (#"a\046b"#, wire([0x61, 0x2E, 0x62]), #"a\.b"#),
            (#"\065"#, wire([0x61]), "a"),
            (#"\000\255"#, wire([0x00, 0xFF]), #"\000\255"#),
            (#"a\ b"#, wire([0x61, 0x20, 0x62]), #"a\032b"#),
            (#"\"x"#, wire([0x22, 0x78]), "\"x"),
            (#"\@"#, wire([0x40]), "@"),
            (#"\010\027[31m"#, wire([0x0A, 0x1B, 0x5B, 0x33, 0x31, 0x6D]), #"\010\027[31m"#),
            (#"\127"#, wire([0x7F]), #"\127"#),
            (#"a\."#, wire([0x61, 0x2E]), #"a\."#),
        ] as [(String, [UInt8], String)])
    func parsed(_ text: String, _ octets: [UInt8], _ printed: String) throws {
        let name = try DomainName(text: text)
        #expect(name.octets == octets)
        #expect(name.description == printed)
        #expect(try DomainName(text: printed) == name)
    }

    @Test(
        arguments: [
            ("", .emptyLabel),
            ("..", .emptyLabel),
            (".a", .emptyLabel),
            ("a..b", .emptyLabel),
            ("a..", .emptyLabel),
            (#"a\"#, .badEscape(offset: 1)),
            (#"\1"#, .badEscape(offset: 0)),
            (#"ab.\12"#, .badEscape(offset: 3)),
            (#"\12x"#, .badEscape(offset: 0)),
            (#"\256"#, .badEscape(offset: 0)),
            ("\\\n", .badEscape(offset: 0)),
            ("a b", .badCharacter(0x20, offset: 1)),
            ("a\t", .badCharacter(0x09, offset: 1)),
            ("a\r\n", .badCharacter(0x0D, offset: 1)),
            ("\u{0}", .badCharacter(0, offset: 0)),
            ("a\u{7F}", .badCharacter(0x7F, offset: 1)),
            (String(repeating: "a", count: 64), .labelTooLong),
            (String(repeating: "a", count: 5000), .labelTooLong),
            ("b." + String(repeating: "a", count: 64) + ".c", .labelTooLong),
            (String(repeating: "a.", count: 128), .nameTooLong),
            (String(repeating: "a.", count: 127) + "a", .nameTooLong),
            (String(repeating: "a", count: 63) + "." + String(repeating: "a.", count: 96), .nameTooLong),
        ] as [(String, DomainNameFault)])
    func refused(_ text: String, _ fault: DomainNameFault) {
        #expect(throws: fault) { try DomainName(text: text) }
    }

    @Test func longestTexts() throws {
        #expect(try DomainName(text: String(repeating: "a.", count: 127)).octets.count == 255)
        #expect(try DomainName(text: String(repeating: "a.", count: 126) + "a").octets.count == 255)
        let label = String(repeating: "a", count: 63)
        #expect(try DomainName(text: label).octets.count == 65)
        let long = "\(label).\(label).\(label).\(String(repeating: "a", count: 61))"
        #expect(try DomainName(text: long).octets.count == 255)
        #expect(try DomainName(text: long + ".").octets.count == 255)
        #expect(throws: DomainNameFault.nameTooLong) { try DomainName(text: long + "a") }
    }

    @Test func octetsAreParsedLikeText() throws {
        #expect(try DomainName(text: Array("A.b".utf8)) == DomainName(text: "a.b"))
        #expect(throws: DomainNameFault.emptyLabel) { try DomainName(text: [UInt8]()) }
    }

    /// Whatever a name holds, its text is printing ASCII and reads back as the same name.
    @Test func everyOctetInALabel() throws {
        for octet in UInt8.min...UInt8.max {
            let name = try #require(DomainName(labels: [[0x61, octet], [octet]]))
            let text = name.description
            #expect(text.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "octet \(octet)")
            #expect(try DomainName(text: text) == name, "octet \(octet)")
        }
    }

    @Test(arguments: [
        (DomainNameFault.emptyLabel, "a label of the name is empty"),
        (.labelTooLong, "a label of the name has more than 63 octets"),
        (.nameTooLong, "the name takes more than 255 octets"),
        (.badEscape(offset: 3), #"bad escape at octet 3, write \. or \\ or three digits up to \255"#),
        (.badCharacter(10, offset: 0), "octet 10 at 0 must be written as an escape"),
        (.notIDNA("x"), "not an internationalised domain name: x"),
    ])
    func messages(_ fault: DomainNameFault, _ message: String) { #expect(fault.description == message) }
}
