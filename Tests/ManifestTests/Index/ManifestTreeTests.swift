import Manifest
import Model
import Testing

@Suite("Manifest tree")
struct ManifestTreeTests {
    private static let interface =
        "kind: Interface\nname: wg0\naddress: [10.8.0.1/16, fd42:8::1/64]\nlisten_port: 51820\n"

    private static func tree(_ files: [String: String]) -> ManifestTree {
        let parsed = files.map { Manifest.parse(path: $0.key, bytes: Array($0.value.utf8)) }
        return ManifestTree(files: parsed) { path in Array((files[path] ?? "").utf8) }
    }

    private static func peer(_ name: String, ip: String? = nil, interface: String = "wg0") -> String {
        "kind: Peer\nname: \(name)\ninterface: \(interface)\n" + (ip.map { "ip: [\($0)]\n" } ?? "")
    }

    @Test("objects are found where they stand")
    func places() throws {
        let tree = Self.tree([
            "a.yaml": Self.interface + "---\n# nothing\n---\n" + Self.peer("phone", ip: "10.8.0.2"),
            "b.yaml": "kind: Settings\nrepository_id: 123e4567-e89b-12d3-a456-426614174000\n",
        ])
        let phone = try #require(tree.place(of: .peer("phone", of: "wg0")))
        #expect(phone.path == "a.yaml")
        let text = try #require(try tree.bytes(of: "a.yaml"))
        let document = SyntaxTree(path: "a.yaml", bytes: text).documents[phone.document]
        #expect(document.root.range.start == phone.position)
        #expect(tree.peer("phone", of: "wg0")?.ip.map(\.description) == ["10.8.0.2"])
        #expect(tree.peers(named: "phone").count == 1)
        #expect(tree.interface("wg0")?.listenPort == 51820)
        #expect(tree.settings.repositoryID == "123e4567-e89b-12d3-a456-426614174000")
        #expect(tree.place(of: .settings)?.path == "b.yaml")
        #expect(tree.place(of: .peer("phone", of: "wg1")) == nil)
        #expect(try tree.bytes(of: "c.yaml") == nil)
    }

    @Test("an address is free again only when its last document is gone")
    func duplicates() throws {
        var tree = Self.tree([
            "0.yaml": Self.interface, "a.yaml": Self.peer("phone", ip: "10.8.0.2"),
            "b.yaml": Self.peer("phone", ip: "10.8.0.2"),
        ])
        #expect(tree.place(of: .peer("phone", of: "wg0"))?.path == "a.yaml")
        tree.replace(path: "a.yaml", bytes: nil)
        #expect(tree.place(of: .peer("phone", of: "wg0"))?.path == "b.yaml")
        var allocator = tree.allocator(for: "wg0")
        #expect(try allocator.allocate().first?.description == "10.8.0.3")
        tree.replace(path: "b.yaml", bytes: nil)
        allocator = tree.allocator(for: "wg0")
        #expect(try allocator.allocate().first?.description == "10.8.0.2")
        #expect(tree.paths == ["0.yaml"])
    }

    @Test("after random changes it is the same as one built from the files")
    func rebuild() throws {
        var generator = SeededGenerator(seed: 5)
        var files = ["i.yaml": Self.interface]
        var tree = Self.tree(files)
        let now = try #require(Timestamp("2026-06-01T00:00:00Z"))
        for step in 0..<1500 {
            let path = "p\(Int.random(in: 0..<40, using: &generator)).yaml"
            var text: String?
            if Int.random(in: 0..<4, using: &generator) > 0 {
                text = (0..<Int.random(in: 0..<4, using: &generator)).map { _ in
                    Self.peer(
                        "n\(Int.random(in: 0..<30, using: &generator))",
                        ip: "10.8.0.\(Int.random(in: 2..<40, using: &generator))",
                        interface: Bool.random(using: &generator) ? "wg0" : "wg1")
                }.joined(separator: "---\n")
                if Int.random(in: 0..<20, using: &generator) == 0 { text?.append("kind: [\n") }
            }
            files[path] = text
            tree.replace(path: path, bytes: text.map { Array($0.utf8) })
            let older = tree
            if step % 3 == 0 { tree.replace(path: "gone.yaml", bytes: nil) }
            guard step % 25 == 0 else { continue }
            let built = Self.tree(files)
            #expect(tree.paths == built.paths && older.paths == built.paths)
            for name in 0..<30 {
                for interface in ["wg0", "wg1"] {
                    let identity = ObjectIdentity.peer("n\(name)", of: interface)
                    #expect(tree.place(of: identity)?.path == built.place(of: identity)?.path)
                }
                #expect(tree.peers(named: "n\(name)").map(\.ip.count) == built.peers(named: "n\(name)").map(\.ip.count))
            }
            for interface in ["wg0", "wg1"] {
                var (left, right) = (tree.allocator(for: interface), built.allocator(for: interface))
                #expect(try left.allocate() == right.allocate())
            }
            for path in files.keys { #expect(try tree.bytes(of: path) == built.bytes(of: path)) }
            #expect(tree.result(now: now).problems == built.result(now: now).problems)
        }
    }

    @Test("10,000 files: the time of a write is printed")
    func speed() throws {
        var tree = ManifestTree(files: ScaleTests.files().map { Manifest.parse(path: $0.path, bytes: $0.bytes) }) { _ in
            []
        }
        let clock = ContinuousClock()
        var held: [ManifestTree] = []
        for isHeld in [false, true] {
            let count = 300
            let time = try clock.measure {
                for number in 0..<count {
                    if isHeld { held = [tree] }
                    var allocator = tree.allocator(for: "wg0")
                    let list = try allocator.allocate().map { "\"\($0)\"" }.joined(separator: ", ")
                    let name = "new \(isHeld) \(number)"
                    let text = Self.peer(name, ip: list)
                    tree.replace(path: "peers/wg0/new-\(isHeld)-\(number).yaml", bytes: Array(text.utf8))
                    #expect(tree.place(of: .peer(name, of: "wg0")) != nil)
                }
            }
            print("10,000 files, allocate + replace + look-up\(isHeld ? " with a copy held" : ""): \(time / count)")
            #expect(time / count < .milliseconds(20))
        }
        #expect(held.count == 1 && tree.paths.count == ScaleTests.peerCount + 601)
    }
}
