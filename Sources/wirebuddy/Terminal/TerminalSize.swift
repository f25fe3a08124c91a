import Glibc

/// How much a terminal shows.
struct TerminalSize: Equatable, Sendable {
    let columns: Int
    let rows: Int

    /// The size of the terminal behind a descriptor; nil: there is none, or it does not know.
    static func current(_ descriptor: Int32 = STDOUT_FILENO) -> TerminalSize? {
        var size = winsize()
        guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return nil
        }
        return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }
}
