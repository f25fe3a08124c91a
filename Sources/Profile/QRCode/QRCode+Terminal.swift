extension QRCode {
    /// The code for a terminal: two modules per character, one column each.
    ///
    /// - Parameter colours: With them, black on white whatever the terminal's own colours are. Without, light modules
    ///   are drawn in the colour of text: right on a dark terminal; on a light one it is inverted, which most readers
    ///   take too.
    public func terminal(colours: Bool = true) -> String {
        let range = -Self.quietZone..<width + Self.quietZone
        // Of the 256 colours 16 and 231 are black and white in every theme, unlike the first 16.
        let (start, end) = colours ? ("\u{1B}[38;5;16;48;5;231m", "\u{1B}[0m\n") : ("", "\n")
        var text = ""
        for y in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
            text += start
            for x in range {
                switch (isDark(x, y) == colours, isDark(x, y + 1) == colours) {
                case (true, true): text += "█"
                case (true, false): text += "▀"
                case (false, true): text += "▄"
                case (false, false): text += " "
                }
            }
            text += end
        }
        return text
    }
}
