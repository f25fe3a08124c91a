import Credentials
import Gateway
import Manifest
import Model
import Testing

@Suite("Sequences of intents")
struct IntentPropertyTests {
    @Test("the repository stays valid, and every other file stays as it is", arguments: 1...8 as ClosedRange<UInt64>)
    func sequences(seed: UInt64) throws {
        let trees = Trees()
        var generator = SeededGenerator(seed: seed)
        let second = "kind: Interface\nname: wg1\naddress: 10.9.0.1/24\nlisten_port: 51821\n"
        var tree = trees.tree(["interfaces/wg1.yaml": second, "peers/all.yaml": Trees.phone])
        var done = 0
        for step in 0..<60 {
            let intent = try random(&generator, tree, step)
            let outcome: IntentOutcome
            do {
                outcome = try intent.run(tree)
            } catch {
                // Refused: full pools, names that are taken.
                continue
            }
            guard let change = outcome.change else { continue }
            done += 1
            var next = tree
            next.apply(change)
            #expect(next.errors == [], "\(change.subject)")
            #expect(change.subject.unicodeScalars.count <= 72)
            let touched = Set(change.files.map(\.path))
            for path in tree.paths where !touched.contains(path) {
                #expect(try next.bytes(of: path) == tree.bytes(of: path))
            }
            #expect(Set(next.paths).symmetricDifference(tree.paths).isSubset(of: touched))
            tree = next
        }
        #expect(done > 20)
    }

    private func random(_ generator: inout SeededGenerator, _ tree: ManifestTree, _ step: Int) throws -> Intent {
        let interface = Bool.random(using: &generator) ? "wg0" : "wg1"
        let peers = tree.peers()
        let peer = peers.randomElement(using: &generator)
        let selector = PeerSelector(interface: peer?.interface, name: peer?.name ?? "none")
        switch Int.random(in: 0..<10, using: &generator) {
        case 0..<3:
            let key = Bool.random(using: &generator) ? KeyPair.generate().publicKey : nil
            return .createPeer(PeerCreation(name: "Peer № \(step)", interface: interface, publicKey: key))
        case 3: return .removePeer(selector)
        case 4: return .rotateKeys(selector, publicKey: peer?.privateKey == nil ? KeyPair.generate().publicKey : nil)
        case 5: return .updatePeer(selector, [FieldEdit(["name"], .set(.string("renamed \(step)")))])
        case 6: return .updatePeer(selector, [FieldEdit(["interface"], .set(.string(interface)))])
        case 7: return peer?.enabled == true ? .disablePeer(selector) : .enablePeer(selector)
        case 8:
            let route = "172.20.\(step).0/24"
            return .updatePeer(selector, [try FieldEdit(argument: "routes+=\(route)", kind: "Peer")])
        default:
            return .updatePeer(
                selector,
                [
                    try FieldEdit(argument: "description=step \(step): \"quoted\" # no comment", kind: "Peer"),
                    try FieldEdit(argument: "labels.step=\(step)", kind: "Peer"),
                ])
        }
    }
}
