import ArgumentParser
import Gateway
import Manifest
import Model
import Reconciler
import Testing

@testable import wirebuddy

@Suite("Commands that write")
struct WriteCommandTests {
    @Test(
        "words of the command line become commands",
        arguments: [
            "peer add phone --public-key 960toSXizvnsoBcAaowrOJNCy1oRJLWn16QTztWEAlg= --ip 10.8.0.9 --ip fd42:8::9",
            "peer set wg0/phone routing_mode=vpn_only routes+=10.0.0.0/8 description=",
            "peer rotate-keys phone --dry-run", "peer disable phone --no-wait", "peer enable phone --wait 30s",
            "peer remove phone --approve 0123456789ab", "interface add wg1 --address 10.9.0.1/24 --listen-port 51821",
            "interface set wg0 mtu=1380", "interface start wg0", "interface stop wg0",
            "interface remove wg0 --with-peers",
            "user add alice --email alice@example.com --role admin --password-stdin",
            "user add tokens --no-password --set description=x", "user set alice role=user --new-password",
            "user set alice --password-stdin", "user remove alice",
        ])
    func parses(_ line: String) throws {
        let command = try WireBuddy.parseAsRoot(line.split(separator: " ").map(String.init))
        #expect(command is any WriteCommand)
    }

    @Test(
        "a change without = is a matter of the command line",
        arguments: [
            "peer set phone enabled", "peer add x --set =1", "user set alice",
            "user add alice --no-password --password-stdin", "user set alice --new-password --password-stdin",
        ])
    func refuses(_ line: String) {
        #expect(throws: (any Error).self) {
            try WireBuddy.parseAsRoot(line.split(separator: " ").map(String.init))
        }
    }

    @Test("a field takes its words as they are, or as YAML where it is no text")
    func fields() throws {
        func edit(_ text: String) throws -> FieldEdit { try FieldEdit(argument: text, kind: "Peer") }
        #expect(try edit("name=123") == FieldEdit(["name"], .set(.string("123"))))
        #expect(try edit("description=a: b = c") == FieldEdit(["description"], .set(.string("a: b = c"))))
        #expect(try edit("enabled=false") == FieldEdit(["enabled"], .set(.boolean(false))))
        #expect(try edit("persistent_keepalive=25") == FieldEdit(["persistent_keepalive"], .set(.integer(25))))
        #expect(
            try edit("routes=[10.0.0.0/8, 10.1.0.0/16]")
                == FieldEdit(["routes"], .set(.list([.string("10.0.0.0/8"), .string("10.1.0.0/16")]))))
        #expect(try edit("routes-=10.0.0.0/8") == FieldEdit(["routes"], .drop(.string("10.0.0.0/8"))))
        #expect(try edit("labels.a.b=1") == FieldEdit(["labels", "a.b"], .set(.string("1"))))
        #expect(try edit("expires_at=") == FieldEdit(["expires_at"], .remove))
        #expect(throws: GatewayFailure.self) { try edit("enabled") }
        #expect(throws: GatewayFailure.self) { try edit("enabld=true") }
    }

    @Test("failures end with their codes and say that nothing was changed")
    func failures() {
        let expected: [(GatewayFailure, Reconciler.ExitCode)] = [
            (.notFound(kind: "Peer", name: "x", similar: []), .error),
            (.alreadyExists(kind: "Peer", name: "x", place: "a.yaml:1"), .stale), (.dirty(["a.yaml"]), .stale),
            (.conflict("the head moved"), .stale), (.invalidRepository(["a.yaml:1:1: error"]), .invalid),
            (.refusedByRail([RefusedRail(rail: "max-deletes", message: "m", digest: "0123456789ab")]), .refused),
            (.readOnly("mode: readonly"), .error), (.failed("disk full"), .error),
        ]
        for (failure, status) in expected {
            let command = CommandFailure(failure)
            #expect(command.status == status)
            #expect(command.message.hasSuffix("nothing was changed"))
        }
    }

    @Test("a diff shows the changed lines with their neighbours")
    func diff() {
        let old = (1...9).map { "line \($0)\n" }.joined()
        let new = old.replacing("line 5\n", with: "LINE 5\nmore\n")
        #expect(
            UnifiedDiff(path: "a", old: Array(old.utf8), new: Array(new.utf8)).lines == [
                "--- a/a", "+++ b/a", "@@ -2,7 +2,8 @@", " line 2", " line 3", " line 4", "-line 5", "+LINE 5", "+more",
                " line 6", " line 7", " line 8",
            ])
        #expect(
            UnifiedDiff(path: "a", old: nil, new: Array("x\n".utf8)).lines.prefix(3) == [
                "--- /dev/null", "+++ b/a", "@@ -0,0 +1,1 @@",
            ])
        #expect(UnifiedDiff(path: "a", old: Array(old.utf8), new: Array(old.utf8)).lines.isEmpty)
    }

    @Test("deletes that nobody named are counted where the host can't be looked at")
    func offlineRails() throws {
        func tree(_ count: Int) throws -> ManifestTree {
            var text = "kind: Interface\nname: wg0\naddress: 10.8.0.1/24\nlisten_port: 51820\n"
            for number in 0..<count {
                let key = PublicKey(words: (UInt64(number) + 1, 2, 3, 4))
                text += "---\nkind: Peer\nname: p\(number)\ninterface: wg0\nip: 10.8.0.\(number + 2)\n"
                text += "public_key: \"\(key)\"\n"
            }
            let bytes = Array(text.utf8)
            return ManifestTree(files: [Manifest.parse(path: "a.yaml", bytes: bytes)], bytes: { _ in bytes })
        }
        let rails = OfflineRails(digest: BLAKE())
        let (large, small) = (try tree(20), try tree(10))
        let catalog = try #require(small.result(now: Timestamp(seconds: 0)).catalog)
        #expect(rails.refusals(from: large, to: catalog, consent: DeleteConsent()).map(\.rail) == ["max-deletes"])
        var consent = DeleteConsent()
        consent.keys = Set(large.peers().map(\.publicKey))
        #expect(rails.refusals(from: large, to: catalog, consent: consent).isEmpty)
        #expect(
            rails.refusals(from: large, to: .empty, consent: DeleteConsent()).map(\.rail)
                == ["interface-removal", "empty-kind"])
    }

    private struct BLAKE: Digest {
        func digest(_ bytes: [UInt8]) -> DigestValue { DigestValue(bytes: bytes) }
    }
}
