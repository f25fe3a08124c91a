public import ArgumentParser
public import Model

extension PublicKey: ExpressibleByArgument {
    /// A key as `wg show` prints it.
    public init?(argument: String) { self.init(argument) }
}
