import Credentials
import FoundationEssentials
import Model
import Reconciler
import Testing

/// Every folder of `Cases` as a test. `WIREBUDDY_WRITE_GOLDENS=1` writes what is new; the difference is reviewed in git.
@Suite struct GoldenTests {
    @Test(arguments: try GoldenCase.all())
    func plan(of golden: GoldenCase) throws {
        let plan = Planner(digest: BLAKE2b256()).plan(try golden.input())
        let text = PlanText(plan, limit: nil).render() + "\nsteps:\n" + StepText.render(plan)
        if ProcessInfo.processInfo.environment["WIREBUDDY_WRITE_GOLDENS"] != nil {
            try Data(text.utf8).write(to: URL(filePath: "\(golden.folder)/plan.txt"))
        }
        #expect(text == golden.text("plan.txt"), "\(golden)")
    }

    @Test func thereAreCases() throws {
        #expect(try GoldenCase.all().count >= 25)
    }

    /// The same input gives the same plan, down to its id: nothing depends on the order of a dictionary.
    @Test(arguments: try GoldenCase.all())
    func isDeterministic(_ golden: GoldenCase) throws {
        let planner = Planner(digest: BLAKE2b256())
        let (first, second) = (planner.plan(try golden.input()), planner.plan(try golden.input()))
        #expect(first.id == second.id)
        #expect(StepText.render(first) == StepText.render(second))
    }

    @Test(arguments: try GoldenCase.all())
    func changeDigestsDoNotDependOnTheRevision(_ golden: GoldenCase) throws {
        var input = try golden.input()
        let planner = Planner(digest: BLAKE2b256())
        let first = planner.plan(input)
        input.revision = "fedcba987654"
        let second = planner.plan(input)
        #expect(first.changes.map(\.digest) == second.changes.map(\.digest))
        #expect(first.id != second.id)
    }
}
