import Testing

@testable import DNSPolicy

@Suite struct SipHashTests {
    /// The key and the first vectors that came with SipHash-2-4: hashes of nothing, 00, 00 01, …
    @Test func publishedVectors() {
        var hash = SipHash(key: (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908))
        hash.rounds = (2, 4)
        let vectors: [UInt64] = [
            0x726f_db47_dd0e_0e31, 0x74f8_39c5_93dc_67fd, 0x0d6c_8009_d9a9_4f5a, 0x8567_6696_d7fb_7e2d,
            0xcf27_94e0_2771_87b7, 0x1876_5564_cd99_a68d, 0xcbc9_466e_58fe_e3ce, 0xab02_00f5_8b01_d137,
            0x93f5_f579_9a93_2462,
        ]
        for (length, expected) in vectors.enumerated() {
            let bytes = (0..<UInt8(length)).map { $0 }
            #expect(hash.hash(bytes.span) == expected)
        }
        // The example of the paper's appendix: fifteen bytes.
        let paper = (0..<UInt8(15)).map { $0 }
        #expect(hash.hash(paper.span) == 0xa129_ca61_49be_45e5)
    }

    @Test func theKeyMatters() throws {
        let name = try DomainName(text: "example.org")
        #expect(NameKey(1, 2).key(of: name) != NameKey(1, 3).key(of: name))
        #expect(NameKey(1, 2).key(of: name) == NameKey(1, 2).key(of: name))
    }
}
