import ArgumentParser
import Reconciler

/// The consents that a plan or an apply is given.
struct ConsentOptions: ParsableArguments {
    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "Take over this interface, which exists and is not ours. Repeatable.", valueName: "interface"))
    var adopt: [String] = []

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "Approve what a rail refuses, by the digest that the plan shows. Repeatable.", valueName: "digest"))
    var approve: [String] = []

    /// Adds the consents to a pass.
    func add(to options: inout PassOptions) {
        options.adopt = Set(adopt)
        options.approvals = Set(approve)
    }
}
