import Glibc
import Logging
import Model
import Reconciler

/// Writes log messages to standard error, one line each: time, level, message, metadata sorted by key.
struct StandardErrorLogHandler: LogHandler {
    /// What the lines begin with.
    enum Prefix: Sendable {
        /// Time and level, for people and files.
        case timestamp
        /// `<3>`: the syslog priority that journald reads (`sd-daemon(3)`), which keeps its own time.
        case priority
    }

    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel: Logger.Level
    let prefix: Prefix
    let clock: any WallClock

    init(level: Logger.Level, prefix: Prefix, clock: any WallClock) {
        logLevel = level
        self.prefix = prefix
        self.clock = clock
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata {
            if all.isEmpty { all = own } else { all.merge(own) { $1 } }
        }
        let line = Self.line(
            level: event.level, message: event.message.description, metadata: all, prefix: prefix, at: clock.now())
        // One write, so that lines of several tasks never mix.
        Console.write(Array((line + "\n").utf8), to: STDERR_FILENO)
    }

    static func line(
        level: Logger.Level, message: String, metadata: Logger.Metadata, prefix: Prefix, at now: Timestamp
    ) -> String {
        var line =
            switch prefix {
            case .timestamp: "\(now) \(level.rawValue) "
            case .priority: "<\(priority(of: level))>"
            }
        line += TerminalText.escaped(message)
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            let text = TerminalText.escaped(value.description)
            let isPlain = !text.isEmpty && !text.utf8.contains(where: Self.asksForQuotes)
            line += isPlain ? " \(key)=\(text)" : " \(key)=\"\(escapingQuotes(text))\""
        }
        return line
    }

    private static func asksForQuotes(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "=")
    }

    /// By scalars: a quote with an accent on it is a character of its own, and would end the value all the same.
    private static func escapingQuotes(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { result.unicodeScalars.append("\\") }
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    private static func priority(of level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
