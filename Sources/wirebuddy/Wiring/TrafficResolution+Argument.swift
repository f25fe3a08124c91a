public import ArgumentParser
public import Model

/// `hourly`, `daily` or `weekly`.
extension TrafficResolution: ExpressibleByArgument {}
