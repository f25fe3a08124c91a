import ArgumentParser
import DNSPolicy
import Model
import Reconciler
import Repository

/// What the policy of a repository is made of, for the commands that ask it.
struct PolicyOptions: ParsableArguments {
    @Flag(name: .long, help: "Take the head of the branch, which is what apply takes, instead of the files.")
    var head = false

    @Option(
        name: .customLong("list"),
        help: ArgumentHelp(
            "The text of a list that is fetched from a url, as a file; may be repeated.", valueName: "name=file"))
    var texts: [ListText] = []
}

/// A list and the file its text stands in.
struct ListText: ExpressibleByArgument {
    let name: String
    let file: String

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else { return nil }
        name = String(argument[..<equals])
        file = String(argument[argument.index(after: equals)...])
        if file.isEmpty { return nil }
    }
}
