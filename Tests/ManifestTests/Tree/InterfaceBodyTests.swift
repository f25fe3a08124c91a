import Model
import Testing

@testable import Manifest

/// Bodies of interfaces are refused by the field that is wrong, as files are by its place.
@Suite struct InterfaceBodyTests {
    @Test(arguments: [
        (#""10.9.0.0/24""#, "is the network address of 10.9.0.0/24: write 10.9.0.1/24"),
        (#"["10.9.0.1/24", "F29:D14::/64"]"#, "is the network address of f29:d14::/64: write f29:d14::1/64"),
        (#"["10.9.0.255/24"]"#, "is the broadcast address of 10.9.0.0/24"),
        (#"["224.0.0.1/24"]"#, "is a multicast address"),
    ])
    func anAddressThatNoHostCanHaveIsRefused(address: String, why: String) throws {
        let body = try JSONBody(Array(#"{"name": "wg1", "address": \#(address), "listen_port": 51821}"#.utf8))
        let found = Manifest.changes(of: body, kind: .interface, shown: nil)
        #expect(found.faults.map(\.field) == ["address"])
        #expect(found.faults.first?.message.hasSuffix(why) == true, "\(found.faults)")
    }
}
