import Glibc

/// The alternate screen of a terminal (`xterm` control sequences, DEC private modes 1049, 25 and 7): what the shell showed
/// is there again at the end.
struct TerminalScreen {
    private let descriptor: Int32

    /// Changes to the alternate screen, without cursor, and without lines that go on in the next.
    init(_ descriptor: Int32 = STDOUT_FILENO) {
        self.descriptor = descriptor
        Console.write(Array("\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l".utf8), to: descriptor)
    }

    /// Shows these lines from the top, and nothing below them.
    func show(_ lines: [String]) {
        // Each line is erased behind its end, the rest of the screen behind the last: nothing flickers.
        let text = lines.map { "\($0)\u{1B}[K" }.joined(separator: "\r\n")
        Console.write(Array("\u{1B}[H\(text)\u{1B}[J".utf8), to: descriptor)
    }

    /// Changes back.
    func leave() {
        Console.write(Array("\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l".utf8), to: descriptor)
    }
}
