import Manifest
import Model
import Testing

@Suite("Components of the OpenAPI document")
struct OpenAPIComponentTests {
    private var components: [(String, JSONValue)] {
        if case .object(let entries) = Schemas.openAPIComponents() { entries } else { [] }
    }

    private func properties(_ name: String) throws -> [(String, JSONValue)] {
        let schema = try #require(Schemas.openAPIComponents()[name])
        guard case .object(let properties)? = schema["properties"] else {
            Issue.record("\(name) has no properties")
            return []
        }
        return properties
    }

    private func targets(_ value: JSONValue) -> [String] {
        switch value {
        case .array(let items): items.flatMap(targets)
        case .object(let entries):
            entries.flatMap { key, value -> [String] in
                if key == "$ref", case .string(let target) = value { return [target] }
                return targets(value)
            }
        default: []
        }
    }

    @Test("every reference leads to a component, or to the hand-written Time")
    func references() {
        let names = Set(components.map(\.0))
        #expect(names.count == components.count)
        for target in targets(Schemas.openAPIComponents()) {
            let name = target.replacing("#/components/schemas/", with: "")
            #expect(target.hasPrefix("#/components/schemas/"))
            #expect(names.contains(name) || name == "Time", "\(target)")
        }
    }

    @Test("what is served is what the tables show", arguments: ["Peer", "Interface", "User", "Settings"])
    func served(kind: String) throws {
        let location = SourceLocation(path: "a.yaml", line: 1, column: 1)
        let shown: [String] =
            switch kind {
            case "Peer":
                Manifest.json(
                    of: Peer(
                        name: "a", dnsName: "a", interface: "wg0", ip: [], publicKey: PublicKey(words: (1, 2, 3, 4)),
                        location: location)
                ).map(\.0)
            case "Interface":
                Manifest.json(of: Interface(name: "a", address: [], listenPort: 1, location: location)).map(\.0)
            case "User": Manifest.json(of: User(username: "abc", location: location)).map(\.0)
            default: Manifest.json(of: Settings()).map(\.0)
            }
        let names = try properties(kind).map(\.0)
        #expect(Array(names.prefix(shown.count)) == shown)
        #expect(names.contains("etag") && names.contains("observed_at"))
        // What is served may be sent back.
        let update = Set(try properties("\(kind)Update").map(\.0))
        #expect(Set(names).subtracting(update) == [])
    }

    @Test("bodies name no field that is not theirs, and no secret is ever served")
    func bodies() throws {
        for name in ["PeerCreate", "PeerUpdate", "InterfaceCreate", "UserUpdate", "SettingsUpdate"] {
            #expect(Schemas.openAPIComponents()[name]?["additionalProperties"] == .boolean(false))
        }
        for name in ["Peer", "Interface", "User", "Settings"] {
            for secret in ["private_key", "preshared_key", "password", "password_hash"] {
                #expect(try !properties(name).contains { $0.0 == secret })
            }
        }
        #expect(try !properties("UserCreate").contains { $0.0 == "password_hash" })
        #expect(
            Schemas.openAPIComponents()["UserCreate"]?["required"]
                == .array([.string("username"), .string("password")]))
        #expect(
            Schemas.openAPIComponents()["PeerCreate"]?["required"] == .array([.string("name"), .string("interface")]))
        #expect(Schemas.openAPIComponents()["SettingsCreate"] == nil)
    }
}
