import Credentials
import Foundation
import Model
import Testing

@Suite struct HostKeyTests {
    let directory: TemporaryDirectory
    var state: String { "\(directory.path)/state" }

    init() throws { directory = try TemporaryDirectory() }

    private func recipient(_ key: PublicKey) -> Recipient {
        Recipient(
            name: "gateway", key: key, role: .host, location: SourceLocation(path: "r.yaml", line: 1, column: 1))
    }

    private func mode(_ name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(state)/\(name)")
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test func isMadeOnce() throws {
        #expect(try HostKey.load(state: state) == nil)
        let key = try HostKey.make(state: state)
        #expect(try HostKey.make(state: state).publicKey == key.publicKey)
        #expect(try HostKey.load(state: state)?.publicKey == key.publicKey)
        #expect(try mode("host.key") == 0o600)
        #expect(try mode("") == 0o700)
        #expect("\(key)".contains("RecipientKey"))
    }

    @Test func openToOthersIsRefused() throws {
        _ = try HostKey.make(state: state)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: "\(state)/host.key")
        #expect(throws: SecretFailure.self) { try HostKey.load(state: state) }
    }

    @Test func resolvesSealedValues() throws {
        let secrets = HostSecrets(state: state)
        let secret = KeyPair.generate().privateKey
        let stranger = try Sealer(recipients: [recipient(KeyPair.generate().publicKey)]).seal(secret, .sample)
        do {
            _ = try secrets.resolve(.sealed(stranger), context: .sample)
            Issue.record("opened without a key")
        } catch { #expect(error.description.contains("this host has no key")) }
        let sealer = try Sealer(recipients: [recipient(try HostKey.make(state: state).publicKey)])
        let text = try sealer.seal(secret, .sample)
        #expect(try secrets.resolve(.sealed(text), context: .sample) == secret)
        do {
            _ = try secrets.resolve(.sealed(stranger), context: .sample)
            Issue.record("opened a stranger's value")
        } catch { #expect(error.description.contains("sealed to others, not to this host")) }
    }

    @Test("a change of the key can stop at any point") func rotation() throws {
        let secrets = HostSecrets(state: state)
        let secret = KeyPair.generate().privateKey
        let old = try Sealer(recipients: [recipient(try HostKey.make(state: state).publicKey)]).seal(secret, .sample)
        let next = try HostKey.makeNext(state: state).publicKey
        #expect(try HostKey.makeNext(state: state).publicKey == next, "a change that was cut short goes on")
        let new = try Sealer(recipients: [recipient(next)]).seal(secret, .sample)
        #expect(try secrets.resolve(.sealed(old), context: .sample) == secret)
        #expect(try secrets.resolve(.sealed(new), context: .sample) == secret)
        try HostKey.promoteNext(state: state)
        #expect(try HostKey.load(state: state)?.publicKey == next)
        #expect(try HostKey.loadNext(state: state) == nil)
        #expect(try secrets.resolve(.sealed(new), context: .sample) == secret)
        #expect(throws: SecretFailure.self) { try secrets.resolve(.sealed(old), context: .sample) }
        #expect(throws: SecretFailure.self) { try HostKey.promoteNext(state: state) }
    }

    @Test func identityFiles() throws {
        let path = "\(directory.path)/recovery.key"
        let key = try IdentityFile.make(path)
        #expect(try IdentityFile.load(path).publicKey == key)
        #expect(throws: SecretFailure.self) { try IdentityFile.make(path) }
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
}
