import Glibc
import Model
import Reconciler

/// Where a command writes: results to standard output, everything else to standard error.
struct Console: Sendable {
    /// The format of results.
    var format: OutputFormat { reportFormat == .json ? .json : .text }
    /// The format of reports.
    let reportFormat: ReportFormat
    /// The colours of results.
    let style: TextStyle
    /// The colours of messages.
    let messageStyle: TextStyle
    /// Whether nobody asked for no colours; for pictures, which also a pipe passes on to a terminal.
    let wantsColour: Bool
    /// Who gets what is written; nil: the descriptors of this process.
    private let capture: ConsoleCapture?

    /// A console for a format; colour only where a terminal shows it and nobody asked for none.
    init(format: ReportFormat, colour: Bool) {
        reportFormat = format
        capture = nil
        wantsColour = colour && Self.environmentWantsColour
        style = wantsColour && isatty(STDOUT_FILENO) == 1 ? .ansi : .plain
        messageStyle = wantsColour && isatty(STDERR_FILENO) == 1 ? .ansi : .plain
    }

    /// A console whose writing is kept.
    init(format: ReportFormat, style: TextStyle, messageStyle: TextStyle, capture: ConsoleCapture) {
        reportFormat = format
        self.style = style
        self.messageStyle = messageStyle
        self.capture = capture
        wantsColour = style == .ansi
    }

    /// https://no-color.org: any value that is not empty asks for none.
    private static var environmentWantsColour: Bool {
        (Environment["NO_COLOR"] ?? "").isEmpty && Environment["TERM"] != "dumb"
    }

    /// Whether messages are seen by a person right away.
    static var messagesAreOnTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes a result: its text or its JSON, by the format asked for.
    func result(text: @autoclosure () -> String, json: @autoclosure () -> JSONValue) {
        switch format {
        case .text: put(Array(text().utf8), to: STDOUT_FILENO)
        case .json: put(json().document(), to: STDOUT_FILENO)
        }
    }

    /// Writes one of many results: its text, or its JSON in one line.
    func line(text: @autoclosure () -> String, json: @autoclosure () -> JSONValue) {
        switch format {
        case .text: put(Array(text().utf8), to: STDOUT_FILENO)
        case .json: put(json().compactBytes() + Array("\n".utf8), to: STDOUT_FILENO)
        }
    }

    /// Whether nobody reads standard output any more (the reading end of a pipe was closed).
    static var readerIsGone: Bool {
        var descriptor = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        return unsafe poll(&descriptor, 1, 0) == 1 && descriptor.revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0
    }

    /// Writes one line about what happens, for people only.
    func message(_ line: String) {
        put(Array((line + "\n").utf8), to: STDERR_FILENO)
    }

    /// Writes a report in the format asked for.
    func report(_ bytes: [UInt8]) { put(bytes, to: STDOUT_FILENO) }

    /// Reports a failure: one line on standard error, and in every format but text a document on standard output.
    func failure(_ failure: CommandFailure, of command: String) {
        message("\(messageStyle.paint("wirebuddy:", .failure)) \(TerminalText.escaped(failure.message))")
        for line in failure.details { message(line) }
        switch reportFormat {
        case .text: break
        case .json: put(failure.json.document(), to: STDOUT_FILENO)
        case .markdown, .html, .sarif, .junit, .github:
            put(failure.report(of: command).bytes(reportFormat), to: STDOUT_FILENO)
        }
    }

    private func put(_ bytes: [UInt8], to descriptor: Int32) {
        if let capture { capture.write(bytes, to: descriptor) } else { Self.write(bytes, to: descriptor) }
    }

    /// Writes all bytes; a reader that went away is no error.
    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                return
            }
            rest = rest.dropFirst(count)
        }
    }
}
