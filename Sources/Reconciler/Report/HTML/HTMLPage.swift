import Model

/// One file that a browser shows without asking for anything else: no script, no request, nothing but its own style.
struct HTMLPage {
    /// The words of the tab and of the heading.
    var title: String
    /// The lines below the heading.
    var lines: [String]
    /// What follows, as markup: whoever makes it escapes its texts.
    var body: String

    func render() -> String {
        let heading = HTMLText.escaped(title)
        let lines = lines.map { "<p class=\"faint\">\(HTMLText.escaped($0))</p>\n" }.joined()
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <meta name="robots" content="noindex">
            <title>\(heading)</title>
            <style>
            \(HTMLStyle.sheet)
            </style>
            </head>
            <body>
            <main>
            <h1>\(heading)</h1>
            \(lines)\(body)<footer>Made by wirebuddy. All times are UTC. Secrets are masked.</footer>
            </main>
            </body>
            </html>

            """
    }

    /// Nothing is loaded, run, framed or sent, whatever a name in the report tries.
    static let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
}
