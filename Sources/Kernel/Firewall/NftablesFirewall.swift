import Model
import Reconciler

/// Our nftables table and the foreign chains beside it. Lists them only when the ruleset has changed since the last
/// look. Belongs to one actor.
final class NftablesFirewall {
    /// One look at the ruleset.
    private struct Look {
        let generation: UInt32
        let observed: ObservedFirewall
        let foreign: ForeignRuleset
    }

    private let program: NftablesProgram
    private let digest: any Digest
    private let generation: () throws(BackendError) -> UInt32
    private var last: Look?
    /// How often the ruleset was listed; tests check that an unchanged one is not.
    private(set) var listings = 0

    /// - Parameter generation: reads the generation of the ruleset, which moves with every transaction.
    init(
        program: NftablesProgram, digest: any Digest, generation: @escaping () throws(BackendError) -> UInt32
    ) {
        self.program = program
        self.digest = digest
        self.generation = generation
    }

    /// Our table as it is.
    func observe() async throws(BackendError) -> ObservedFirewall { try await look().observed }

    /// The chains of others.
    func foreignRuleset() async throws(BackendError) -> ForeignRuleset { try await look().foreign }

    /// Replaces the whole table in one transaction.
    func replace(_ table: FirewallTable) async throws(BackendError) {
        let commands = try rendered { () throws(NftablesExpression.InvalidName) in
            try FirewallRenderer.replacement(table)
        }
        try await program.apply(commands, "write the nftables table inet wirebuddy")
    }

    /// Changes members of sets in one transaction.
    func change(add: FirewallElements, remove: FirewallElements) async throws(BackendError) {
        let commands = try rendered { () throws(NftablesExpression.InvalidName) in
            try FirewallRenderer.change(add: add, remove: remove)
        }
        try await program.apply(
            commands, "change sets of the nftables table inet wirebuddy", changesWhatWasSeen: true)
    }

    /// Brings rules into chains of other programs and takes others out, in one transaction.
    func change(foreign add: [ForeignRule], remove: [ForeignRule]) async throws(BackendError) {
        let ruleset = try await look().foreign
        let commands = try rendered { () throws(NftablesExpression.InvalidName) in
            try ruleset.commands(add: add, remove: remove)
        }
        guard commands["nftables"]?.elements?.isEmpty == false else { return }
        try await program.apply(
            commands, "change our rules in the chains of other firewall programs", changesWhatWasSeen: true)
    }

    private func rendered(
        _ commands: () throws(NftablesExpression.InvalidName) -> JSONValue
    ) throws(BackendError) -> JSONValue {
        do throws(NftablesExpression.InvalidName) { return try commands() } catch {
            throw BackendError(.terminal, error.description)
        }
    }

    /// Deletes the table; one that is gone is success.
    func delete() async throws(BackendError) {
        try await program.apply(FirewallRenderer.deletion, "delete the nftables table inet wirebuddy")
    }

    private func look() async throws(BackendError) -> Look {
        for _ in 0..<5 {
            let before = try generation()
            if let last, last.generation == before { return last }
            listings += 1
            var observed = ObservedFirewall()
            if Self.hasOurTable(try await program.tables()) {
                observed = FirewallListing.read(try await program.table(), digest: digest)
            }
            let foreign = await foreignRuleset(of: program)
            // Two listings belong together only if nothing was written before, between and during them.
            guard try generation() == before else { continue }
            let look = Look(generation: before, observed: observed, foreign: foreign)
            last = look
            return look
        }
        throw BackendError(.transient, "the nftables ruleset changed during each of 5 readings, try again later")
    }

    /// The chains of others. What nft can't show of them is not known, and no reason to know nothing of our own.
    private func foreignRuleset(of program: NftablesProgram) async -> ForeignRuleset {
        do throws(BackendError) { return ForeignRuleset(try await program.ruleset()) } catch {
            return ForeignRuleset([])
        }
    }

    private static func hasOurTable(_ tables: JSONValue) -> Bool {
        tables["nftables"]?.elements?.contains {
            $0["table"]?["family"]?.text == FirewallRenderer.family
                && $0["table"]?["name"]?.text == FirewallRenderer.table
        } ?? false
    }
}
