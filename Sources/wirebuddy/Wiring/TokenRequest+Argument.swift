public import ArgumentParser
public import Gateway
public import Model

/// `read` or `full`.
extension TokenPermission: ExpressibleByArgument {}

/// `never`, `30d`, `90d` or `1y`.
extension TokenRequest.Lifetime: ExpressibleByArgument {}
