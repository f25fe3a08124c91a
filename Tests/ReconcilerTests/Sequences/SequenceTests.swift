import FoundationEssentials
import Testing

@testable import Reconciler

/// Random sequences of everything that can happen to a gateway end as declared, and nobody else notices anything.
/// `WIREBUDDY_SEED=n` makes others. One that fails is printed as short as it gets; in ``KeptSequences`` it stays a test.
@Suite struct SequenceTests {
    static let full = 10_000
    static let cases = 20
    static let seed = ProcessInfo.processInfo.environment["WIREBUDDY_SEED"].flatMap { UInt64($0) } ?? 1
    static let total = ProcessInfo.processInfo.environment["WIREBUDDY_PROVE"] == "1" ? full : full / 10
    static let tally = Tally()

    /// Why a sequence fails, and what happened in it; nil when it doesn't.
    static func failure(of sequence: StepSequence) async -> (why: String, notes: [String])? {
        do {
            let world = try await World()
            for step in sequence.steps where world.failure == nil { try await world.happen(step) }
            return try await world.verdict().map { ($0, world.notes) }
        } catch {
            return ("it ends with \(error)", [])
        }
    }

    @Test(arguments: 0..<cases) func sequencesEndAsDeclared(_ number: Int) async {
        for number in stride(from: number, to: Self.total, by: Self.cases) {
            let sequence = StepSequence(seed: Self.seed, number: number)
            Self.tally.count(sequence)
            guard await Self.failure(of: sequence) != nil else { continue }
            let short = await sequence.shrunk { await Self.failure(of: $0) != nil }
            let failure = await Self.failure(of: short)
            Issue.record(
                """
                WIREBUDDY_SEED=\(Self.seed), sequence \(number): \(failure?.why ?? "not again")
                what happened:
                \(failure?.notes.joined(separator: "\n") ?? "")
                keep it in KeptSequences:
                \(short)
                """)
            break
        }
        if let text = Self.tally.finishCase(of: Self.cases, full: Self.full) { print(text) }
    }

    @Test(arguments: KeptSequences.all.map(\.name)) func aSequenceThatFailedOnceDoesNotFailAgain(
        _ name: String
    ) async throws {
        let text = try #require(KeptSequences.all.first { $0.name == name }?.steps)
        let failure = await Self.failure(of: try #require(StepSequence(text)))
        #expect(failure == nil, "\(failure?.why ?? "")\n\(failure?.notes.joined(separator: "\n") ?? "")")
    }

    @Test func aSequenceIsReadAsItIsWrittenAndMadeShort() async throws {
        let made = (0..<300).map { StepSequence(seed: 7, number: $0) }
        #expect(made.allSatisfy { (3...12).contains($0.steps.count) && StepSequence($0.description) == $0 })
        #expect(Set(made.flatMap { $0.steps.map(\.verb) }) == Set(Verb.allCases))
        #expect(StepSequence("reboot 1") == nil && StepSequence("explode 1 2") == nil)
        let steps = (0..<9).map { Step(.wait, 50 + $0, 0) }
        let short = await StepSequence(steps).shrunk { rest in
            rest.steps.contains { $0.verb == .wait && $0.how == 0 && $0.what > 2 && $0.what < 56 }
        }
        #expect(short.steps.count == 1 && short.steps[0].what == 3)
    }
}
