import ArgumentParser
import Logging

/// How much is logged.
enum LogLevel: String, Sendable, CaseIterable, ExpressibleByArgument {
    /// Every message of the kernel conversation.
    case trace
    /// Every step of a pass.
    case debug
    /// What starts, ends and is triggered.
    case info
    /// What changed.
    case notice
    /// What deserves a look.
    case warning
    /// What failed.
    case error

    /// The level of swift-log.
    var level: Logger.Level {
        switch self {
        case .trace: .trace
        case .debug: .debug
        case .info: .info
        case .notice: .notice
        case .warning: .warning
        case .error: .error
        }
    }
}
