import Logging
import Model

/// What accompanies a pass from its first look to its last record: its name in every line, and the time its parts take.
struct PassRun {
    let id: String
    var options: PassOptions
    let interruption: Interruption
    let logger: Logger
    var durations = PassDurations()
    /// How the host was while the head was read, until something is written.
    var ahead: RecentLook?
    private var watch: Stopwatch

    init(
        _ id: String, _ options: PassOptions, _ ports: ControllerPorts, _ interruption: Interruption = Interruption()
    ) {
        self.id = id
        self.options = options
        self.interruption = interruption
        var logger = ports.logger
        logger[metadataKey: "pass"] = "\(id)"
        self.logger = logger
        watch = Stopwatch(ports.uptime)
    }

    /// Adds the time since the last lap to a part.
    mutating func lap(_ part: WritableKeyPath<PassDurations, Duration>) {
        durations[keyPath: part] += watch.lap()
    }
}

/// Measures one part after the other.
struct Stopwatch {
    private let clock: any UptimeClock
    private var last: Duration

    init(_ clock: any UptimeClock) {
        self.clock = clock
        last = clock.uptime()
    }

    /// The time since the last lap.
    mutating func lap() -> Duration {
        let now = clock.uptime()
        defer { last = now }
        return now - last
    }
}
