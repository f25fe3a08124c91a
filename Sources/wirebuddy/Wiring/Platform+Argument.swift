public import ArgumentParser
public import Profile

/// `app` or `linux`.
extension Platform: ExpressibleByArgument {}
