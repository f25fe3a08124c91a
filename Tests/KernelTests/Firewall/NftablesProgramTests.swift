import Reconciler
import Testing

@testable import Kernel

@Suite struct NftablesProgramTests {
    /// nft that fails before it reads is a failure of nft.
    @Test func aProgramThatReadsNothingIsAFailureOfItsOwn() async throws {
        let commands = JSONValue.string(String(repeating: "x", count: 1 << 20))
        for _ in 0..<20 {
            let error = await #expect(throws: BackendError.self) {
                try await NftablesProgram(name: "false").apply(commands, "change the firewall")
            }
            #expect(error?.kind == .terminal)
            #expect(error?.message == "change the firewall: nft: nft failed without a message")
        }
    }
}
