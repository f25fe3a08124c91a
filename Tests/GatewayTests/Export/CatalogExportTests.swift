import Manifest
import Model
import Reconciler
import Testing

@testable import Gateway

@Suite("Exports of a repository")
struct CatalogExportTests {
    private let now = Timestamp(seconds: 1_800_000_000)

    private func tree(_ files: [(String, String)]) -> ManifestTree {
        let bytes = Dictionary(uniqueKeysWithValues: files.map { ($0.0, Array($0.1.utf8)) })
        return ManifestTree(
            files: bytes.keys.sorted().map { Manifest.parse(path: $0, bytes: bytes[$0] ?? []) },
            bytes: { bytes[$0] ?? [] })
    }

    private let key = SampleKey.publicKey(1)

    private var sample: [(String, String)] {
        [
            (
                "b.yaml",
                """
                # Otto's
                kind: Peer
                public_key: \(key)
                interface: wg0
                labels: {site: "berlin", no: "07"}
                name: "otto" # the second
                ip: 10.8.0.2
                preshared_key: file:otto.psk
                """
            ),
            ("a.yaml", "kind: Interface\nlisten_port: 51820\naddress: [10.8.0.1/24]\nname: wg0\n---\nkind: Settings\n"),
            (
                "c.json",
                #"{"kind": "Peer", "name": "anna", "interface": "wg0", "ip": ["10.8.0.3"], "public_key": "\#(SampleKey.publicKey(2))"}"#
            ),
        ]
    }

    @Test("sorted, in the order of the tables, with identifiers")
    func form() throws {
        let export = try CatalogExport(tree(sample)) { id in
            id.publicKey == key ? "123e4567-e89b-12d3-a456-426614174000" : nil
        }
        let lines = String(decoding: export.yaml, as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(
            lines.filter { $0.hasPrefix("kind:") } == ["Settings", "Interface", "Peer", "Peer"].map { "kind: \($0)" })
        #expect(lines.filter { $0.hasPrefix("name:") } == ["name: wg0", "name: anna", "name: otto"])
        #expect(lines.contains("id: 123e4567-e89b-12d3-a456-426614174000"))
        #expect(lines.filter { $0.hasPrefix("id: ") }.count == 2)
        #expect(lines.contains("preshared_key: file:otto.psk"))
    }

    @Test("what was exported declares the same objects and exports to the same bytes")
    func readsBack() throws {
        let original = tree(sample)
        let yaml = try CatalogExport(original) { _ in nil }.yaml
        let back = tree([("all.yaml", String(decoding: yaml, as: UTF8.self))])
        let (first, second) = (try #require(original.result(now: now).catalog), back.result(now: now))
        #expect(second.problems == [])
        let catalog = try #require(second.catalog)
        #expect(catalog.interfaces.map(plain) == first.interfaces.map(plain))
        #expect(catalog.peers.map { plain($0, id: nil) } == first.peers.map { plain($0, id: nil) })
        #expect(catalog.peers.allSatisfy { $0.id != nil })
        #expect(try CatalogExport(back) { _ in nil }.yaml == yaml)
    }

    @Test("each object of the JSON form is a document")
    func json() throws {
        let export = try CatalogExport(tree(sample), only: ["wg0"]) { _ in nil }
        #expect(export.documents.count == 3)
        let text = String(decoding: export.json(revision: "abc"), as: UTF8.self)
        #expect(text.hasPrefix("{\n  \"document\": \"export\",\n  \"revision\": \"abc\","))
        #expect(text.contains(#""07""#))
    }

    private func plain(_ interface: Interface) -> Interface {
        var interface = interface
        interface.location = SourceLocation(path: "", line: 1, column: 1)
        return interface
    }

    private func plain(_ peer: Peer, id: String?) -> Peer {
        var peer = peer
        peer.location = SourceLocation(path: "", line: 1, column: 1)
        peer.id = id
        return peer
    }
}
