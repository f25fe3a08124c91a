import Credentials
import Foundation
import Model
import Testing

@Suite struct InterfaceKeyTests {
    let directory: TemporaryDirectory
    let secrets: HostSecrets

    init() throws {
        directory = try TemporaryDirectory()
        secrets = HostSecrets(state: "\(directory.path)/var/lib/state")
    }

    @Test func asksWithoutCreatingAnything() throws {
        #expect(try secrets.interfaceKey("wg0") == nil)
        #expect(try directory.names() == [])
    }

    @Test func makesAKeyOnceAndKeepsIt() throws {
        let key = try secrets.makeInterfaceKey("wg0")
        #expect(try secrets.makeInterfaceKey("wg0") == key)
        #expect(try secrets.interfaceKey("wg0") == key)
        #expect(try secrets.makeInterfaceKey("wg1") != key)
        let again = HostSecrets(state: "\(directory.path)/var/lib/state")
        #expect(try again.interfaceKey("wg0") == key)
        #expect(try directory.mode(of: "var/lib/state/keys/wg0") == 0o600)
        #expect(try directory.mode(of: "var/lib/state/keys") == 0o700)
        #expect(try directory.mode(of: "var/lib/state") == 0o700)
        #expect(try directory.names(in: "var/lib/state/keys") == ["wg0", "wg1"])
    }

    @Test func keepsTheKeyOfAnAdoptedInterface() throws {
        let (first, second) = (KeyPair.generate().privateKey, KeyPair.generate().privateKey)
        try secrets.keepInterfaceKey("wg0", first)
        try secrets.keepInterfaceKey("wg0", first)
        #expect(try secrets.makeInterfaceKey("wg0") == first)
        #expect(try directory.names(in: "var/lib/state/keys") == ["wg0"])
        try secrets.keepInterfaceKey("wg0", second)
        #expect(try secrets.interfaceKey("wg0") == second)
        #expect(try secrets.interfaceKey("wg0.previous") == first)
        #expect(try directory.mode(of: "var/lib/state/keys/wg0") == 0o600)
        #expect(try directory.mode(of: "var/lib/state/keys/wg0.previous") == 0o600)
    }

    @Test func manyAtOnceGetOneKey() async throws {
        let secrets = secrets
        let keys = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<20 {
                group.addTask { try? secrets.makeInterfaceKey("wg0").exposedText() }
            }
            return await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(keys.count == 1 && !keys.contains(nil))
    }

    /// What `kill -9` between writing and renaming leaves: a temporary file that nobody uses.
    @Test func aLeftoverOfAKilledProcessIsReplaced() throws {
        try directory.write("var/lib/state/keys/.wg0.new", "half a k")
        let key = try secrets.makeInterfaceKey("wg0")
        #expect(try secrets.interfaceKey("wg0") == key)
        #expect(try directory.names(in: "var/lib/state/keys") == ["wg0"])
    }

    @Test func aDamagedKeyIsNeverReplaced() throws {
        let path = try directory.write("var/lib/state/keys/wg0", "garbage")
        #expect(throws: SecretFailure.self) { try secrets.makeInterfaceKey("wg0") }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "garbage")
    }

    @Test func aKeyOpenToOthersIsRefused() throws {
        let text = KeyPair.generate().privateKey.exposedText()
        try directory.write("var/lib/state/keys/wg0", text, mode: 0o644)
        let failure = #expect(throws: SecretFailure.self) { try secrets.interfaceKey("wg0") }
        #expect(failure?.description.contains("chmod 600") == true && failure?.description.contains(text) == false)
    }

    @Test(arguments: ["../wg0", "a/b", "", ".", "..", ".hidden", "a b", "a\nb"])
    func namesAreNotPaths(name: String) {
        #expect(throws: SecretFailure.self) { try secrets.makeInterfaceKey(name) }
        #expect(throws: SecretFailure.self) { try secrets.interfaceKey(name) }
    }

    @Test func aStateThatCanNotBeMadeIsOneLine() throws {
        let file = try directory.write("file", "")
        let failure = #expect(throws: SecretFailure.self) {
            try HostSecrets(state: "\(file)/state").makeInterfaceKey("wg0")
        }
        #expect(failure?.description.contains("\(file)/state/keys: not a directory") == true)
        #expect(failure?.description.contains("\n") == false)
    }
}
