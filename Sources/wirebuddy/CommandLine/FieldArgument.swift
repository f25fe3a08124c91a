import ArgumentParser

/// `field=value` of a command line; what stands on both sides is checked with the object.
struct FieldArgument: ExpressibleByArgument {
    let text: String

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else { return nil }
        text = argument
    }
}
