import ArgumentParser

/// A duration on the command line: `30s`, `5m`, `12h`, `30d`.
struct TimeSpan: ExpressibleByArgument, Hashable, Sendable {
    /// The length in seconds, 1 s to 10 years.
    let seconds: Int64

    /// A number of hours.
    init(hours: Int64) {
        seconds = hours * 3600
    }

    /// A number of seconds.
    init(seconds: Int64) {
        self.seconds = seconds
    }

    /// The form people type.
    var defaultValueDescription: String { seconds % 3600 == 0 ? "\(seconds / 3600)h" : "\(seconds)s" }

    init?(argument: String) {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = argument.last.flatMap({ units[$0] }), argument.utf8.count <= 10,
            argument.dropLast().utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let count = Int64(argument.dropLast()), count > 0, count * unit <= 3650 * 86_400
        else { return nil }
        seconds = count * unit
    }
}
