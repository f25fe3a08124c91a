public import ArgumentParser
public import Model

/// `host`, `operator` or `recovery`.
extension Recipient.Role: ExpressibleByArgument {}
