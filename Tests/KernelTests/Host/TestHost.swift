import Foundation
import Model
import Reconciler
import Testing

@testable import Kernel

struct TestClock: WallClock {
    func now() -> Timestamp { Timestamp(seconds: Int64(Date().timeIntervalSince1970)) }
}

/// The backend of the test's namespace. Public keys come from `wg pubkey`.
func makeBackend(program: String = "wireguard-go") -> HostBackend {
    HostBackend(
        .init(userspaceProgram: program, digest: TestDigest(), clock: TestClock()) { key in
            let output = shell(["wg", "pubkey"], input: key.exposedText()).output
            return PublicKey(output.trimmingCharacters(in: .whitespacesAndNewlines))
        })
}

func makeKey() throws -> (secret: SecretKey, key: PublicKey) {
    let text = sh("wg genkey").trimmingCharacters(in: .whitespacesAndNewlines)
    let secret = try #require(SecretKey(text: text.utf8))
    let output = shell(["wg", "pubkey"], input: text).output
    return (secret, try #require(PublicKey(output.trimmingCharacters(in: .whitespacesAndNewlines))))
}

extension LinkReference {
    static let wg0 = LinkReference(name: "wg0", index: nil)
}

extension LinkCreation {
    static let wg0 = LinkCreation(name: "wg0", implementation: .userspace, mtu: 1420)
}

/// Ids of the wireguard-go processes of the test's namespace.
func userspacePrograms() -> [String] {
    sh("for p in $(pidof wireguard-go); do [ /proc/$p/ns/net -ef /proc/self/ns/net ] && echo $p; done; true")
        .split(separator: "\n").map(String.init)
}
