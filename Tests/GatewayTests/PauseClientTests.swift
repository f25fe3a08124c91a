import Gateway
import Manifest
import Model
import Testing

@Suite("Whose pause is meant")
struct PauseClientTests {
    let trees = Trees()
    let id = "11111111-2222-4333-8444-666666666666"

    /// `phone` on both interfaces, and `laptop` on one.
    private var tree: ManifestTree {
        let laptop = Trees.phone.replacing("name: phone", with: "id: \(id)\nname: laptop")
            .replacing("10.8.0.2, \"fd42:8::2\"", with: "10.8.0.3").replacing("6Nd5", with: "7Nd5")
        return trees.tree([
            "phone.yaml": Trees.phone,
            "other.yaml": Trees.phone.replacing("interface: wg0", with: "interface: wg1"),
            "laptop.yaml": laptop,
        ])
    }

    private func pauses(_ clients: String?...) -> [FilteringPauseEntry] {
        clients.map { FilteringPauseEntry(client: $0, until: Timestamp(seconds: 1), author: "anna") }
    }

    @Test("a pause is for a declared peer, by its name, interface and name, or id")
    func begun() throws {
        for name in ["laptop", "wg0/laptop", id] {
            #expect(try PeerSelector(name).client(in: tree) == "wg0/laptop", "\(name)")
        }
        #expect(try PeerSelector("wg1/phone").client(in: tree) == "wg1/phone")
        #expect(throws: GatewayFailure.ambiguous(kind: "Peer", name: "phone", choices: ["wg0/phone", "wg1/phone"])) {
            try PeerSelector("phone").client(in: tree)
        }
        #expect(throws: GatewayFailure.notFound(kind: "Peer", name: "wg0/gone", similar: [])) {
            try PeerSelector("wg0/gone").client(in: tree)
        }
    }

    @Test("a peer is also meant by its DNS label, where no other has that name")
    func labelled() throws {
        let tree = trees.tree([
            "phone.yaml": Trees.phone.replacing("name: phone", with: "name: John's iPhone"),
            "other.yaml": Trees.phone.replacing("interface: wg0", with: "interface: wg1"),
        ])
        for name in ["johns-iphone", "Johns-iPhone", "wg0/johns-iphone"] {
            #expect(try PeerSelector(name).client(in: tree) == "wg0/John's iPhone", "\(name)")
            #expect(PeerSelector(name).loggedClient(in: tree) == "wg0/John's iPhone", "\(name)")
            let ended = try PeerSelector(name).client(endingOneOf: pauses("wg0/John's iPhone"), in: tree)
            #expect(ended == "wg0/John's iPhone", "\(name)")
        }
        #expect(throws: GatewayFailure.self) { try PeerSelector("wg1/johns-iphone").client(in: tree) }
        // What no declared peer is called by is looked for in the log as it stands.
        for text in ["phone", "wg1/phone", "gone", "wg0/gone", "10.8.0.2", "fd42:8::2", "wg1/johns-iphone"] {
            #expect(PeerSelector(text).loggedClient(in: tree) == text)
        }
        let twice = trees.tree([
            "phone.yaml": Trees.phone.replacing("name: phone", with: "name: John's iPhone"),
            "other.yaml": Trees.phone.replacing("interface: wg0", with: "interface: wg1")
                .replacing("name: phone", with: "name: John's iPhone"),
        ])
        #expect(throws: GatewayFailure.self) { try PeerSelector("johns-iphone").client(in: twice) }
        #expect(PeerSelector("johns-iphone").loggedClient(in: twice) == "johns-iphone")
    }

    @Test("the pause of a peer that is gone ends by its name, and no other does")
    func gone() throws {
        let pauses = pauses(nil, "wg0/gone", "wg0/laptop")
        for name in ["wg0/gone", "gone"] {
            #expect(try PeerSelector(name).client(endingOneOf: pauses, in: tree) == "wg0/gone", "\(name)")
        }
        for name in ["wg1/gone", "wg0/gon", "wg0"] {
            #expect(throws: GatewayFailure.self, "\(name)") {
                try PeerSelector(name).client(endingOneOf: pauses, in: tree)
            }
        }
        // What stood on an interface that is gone with it.
        let away = self.pauses("wg9/gone")
        #expect(try PeerSelector("wg9/gone").client(endingOneOf: away, in: tree) == "wg9/gone")
    }

    @Test("a name of several peers means the one that has a pause")
    func several() throws {
        #expect(try PeerSelector("phone").client(endingOneOf: pauses(nil, "wg1/phone"), in: tree) == "wg1/phone")
        #expect(throws: GatewayFailure.ambiguous(kind: "Peer", name: "phone", choices: ["wg0/phone", "wg1/phone"])) {
            try PeerSelector("phone").client(endingOneOf: pauses("wg0/phone", "wg1/phone"), in: tree)
        }
        #expect(try PeerSelector(id).client(endingOneOf: pauses("wg1/phone", "wg0/laptop"), in: tree) == "wg0/laptop")
        #expect(try PeerSelector("laptop").client(endingOneOf: pauses(nil), in: tree) == "wg0/laptop")
    }
}
