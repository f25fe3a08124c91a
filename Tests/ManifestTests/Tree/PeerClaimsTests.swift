import Model
import Testing

@testable import Manifest

/// Trees whose peers often share names, labels, keys, identifiers and addresses, edited file by file: what is known of the
/// claims changes nothing that is found.
@Suite("Peer claims") struct PeerClaimsTests {
    @Test("random edits: the same as without", arguments: 0..<40)
    func random(seed: UInt64) throws {
        let now = try #require(Timestamp("2026-06-01T00:00:00Z"))
        var random = Random(seed: seed)
        var files = [Self.parsed("interfaces.yaml", Self.interfaces)]
        var claims = PeerClaims()
        var tree = ManifestTree(files: files, dnsSyntax: TestSyntax()) { _ in [] }
        // Half of the trees hold nothing that is refused but what is shared, so that most of what isn't is valid.
        let isFaulty = seed % 2 == 1
        var (distinct, shared, valid) = (0, 0, 0)
        for step in 0..<60 {
            let path = "peers/\(random.next(7)).yaml"
            let text =
                random.next(5) == 0
                ? nil : Self.document(&random, isFaulty) + (random.next(4) == 0 ? Self.document(&random, isFaulty) : "")
            if let index = files.firstIndex(where: { $0.path == path }) { claims.remove(files.remove(at: index)) }
            if let text {
                files.append(Self.parsed(path, text))
                claims.insert(files[files.count - 1])
            }
            tree.replace(path: path, bytes: text.map { Array($0.utf8) })

            if claims.areDistinct { distinct += 1 } else { shared += 1 }
            let completion: Completion = random.next(2) == 0 ? .refused : .writeBack
            let whole = Manifest.assemble(files, now: now, completion: completion)
            let quick = Manifest.assemble(files, now: now, completion: completion, claims: claims)
            if claims.areDistinct, whole.catalog != nil { valid += 1 }
            for other in [quick, tree.result(now: now, completion: completion)] {
                #expect(other.problems.map { $0.render() } == whole.problems.map { $0.render() }, "step \(step)")
                #expect(other.catalog == whole.catalog, "step \(step)")
                #expect("\(other.missing)" == "\(whole.missing)", "step \(step)")
            }
        }
        #expect(distinct > 0 && shared > 0)
        #expect(valid > 0 || isFaulty)
    }

    @Test(
        "whoever shares something is found, and forgotten with its file",
        arguments: ["name", "dns_name", "public_key", "id", "ip"])
    func eachField(field: String) {
        let first = Self.fields.merging(["dns_name": "first"]) { $1 }
        var second = [
            "name": "second", "dns_name": "second", "interface": "wg0", "ip": "[10.8.0.3]", "public_key": Self.key(2),
            "id": "3a3f1d4c-2f0e-4bb3-9d0f-2f0a4d4c0002",
        ]
        second[field] = first[field]
        let (left, right) = (Self.parsed("a.yaml", Self.text(first)), Self.parsed("b.yaml", Self.text(second)))
        #expect(left.problems.isEmpty && right.problems.isEmpty)
        var claims = PeerClaims()
        claims.insert(left)
        #expect(claims.areDistinct)
        claims.insert(right)
        #expect(!claims.areDistinct)
        claims.insert(right)
        claims.remove(right)
        #expect(!claims.areDistinct)
        claims.remove(left)
        #expect(claims.areDistinct)
        claims.insert(left)
        #expect(!claims.areDistinct)
    }

    private static let fields = [
        "name": "first", "interface": "wg0", "ip": "[10.8.0.2]", "public_key": key(1),
        "id": "3a3f1d4c-2f0e-4bb3-9d0f-2f0a4d4c0001",
    ]

    private static let interfaces = """
        kind: Interface
        name: wg0
        address: [10.8.0.1/26]
        listen_port: 51820
        ---
        kind: Interface
        name: wg1
        address: [10.9.0.1/26]
        listen_port: 51821
        ---
        kind: Settings
        repository_id: 3a3f1d4c-2f0e-4bb3-9d0f-2f0a4d4c1a9e
        """

    private static func parsed(_ path: String, _ text: String) -> ParsedFile {
        Manifest.parse(path: path, bytes: Array(text.utf8))
    }

    private static func text(_ fields: [String: String]) -> String {
        "---\nkind: Peer\n" + fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\n" }.joined()
    }

    private static func key(_ number: Int) -> String {
        PublicKey(words: (UInt64(number + 1), 3, 5, 7)).description
    }

    /// A peer of few values, some of which are refused or left out where it is a faulty one.
    private static func document(_ random: inout Random, _ isFaulty: Bool) -> String {
        let interface = isFaulty && random.next(12) == 0 ? 9 : random.next(2)
        let host = { (random: inout Random) in
            "10.\(8 + (isFaulty && random.next(15) == 0 ? 1 : interface)).0.\(2 + random.next(60))"
        }
        var fields = [
            "name": "peer \(random.next(40))", "interface": "wg\(interface)", "public_key": key(random.next(40)),
            "ip": "[\(host(&random))]",
        ]
        if random.next(12) == 0 { fields["dns_name"] = "peer-\(random.next(40))" }
        if random.next(12) == 0 { fields["ip"] = "[\(host(&random)), \(host(&random))]" }
        if random.next(4) == 0 { fields["id"] = "3a3f1d4c-2f0e-4bb3-9d0f-2f0a4d4c00\(10 + random.next(9))" }
        if random.next(6) == 0 { fields["routes"] = "[10.8.0.\(random.next(60))/32, 192.168.\(random.next(9)).0/24]" }
        guard isFaulty else { return text(fields) }
        switch random.next(8) {
        case 0: fields["name"] = "\"\""
        case 1: fields["interface"] = nil
        case 2: fields["public_key"] = random.next(2) == 0 ? nil : "none"
        case 3: fields["ip"] = random.next(2) == 0 ? nil : "[300.1.1.1]"
        default: break
        }
        return text(fields)
    }
}
