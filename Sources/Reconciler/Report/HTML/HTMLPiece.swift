import Model

/// Pieces of a report.
enum HTMLPiece {
    /// A number with its meaning.
    static func tile(_ number: Int, _ words: String, _ role: String = "") -> String {
        let role = number == 0 || role.isEmpty ? "" : " class=\"\(role)\""
        return
            "<div class=\"tile\"><b\(role)>\(Counting.grouped(number))</b><span>\(HTMLText.escaped(words))</span></div>\n"
    }

    /// Tiles side by side.
    static func tiles(_ tiles: [String]) -> String { "<div class=\"tiles\">\n\(tiles.joined())</div>\n" }

    /// A heading with what stands below it; nothing where nothing does.
    static func section(_ title: String, _ content: String) -> String {
        content.isEmpty ? "" : "<section>\n<h2>\(HTMLText.escaped(title))</h2>\n\(content)</section>\n"
    }

    /// A paragraph of plain text.
    static func paragraph(_ text: String, _ role: String = "") -> String {
        "<p\(role.isEmpty ? "" : " class=\"\(role)\"")>\(HTMLText.escaped(text))</p>\n"
    }

    /// A box of markup.
    static func card(_ role: String, _ content: String) -> String { "<div class=\"card \(role)\">\n\(content)</div>\n" }

    /// An object that opens.
    static func object(
        _ word: String, _ role: String, name: String, more: String, isOpen: Bool, _ content: String
    ) -> String {
        let more = more.isEmpty ? "" : "<span class=\"more\">\(HTMLText.escaped(more))</span>"
        return """
            <details\(isOpen ? " open" : "")><summary><span class="word \(role)">\(HTMLText.escaped(word))</span>\
            <span class="name">\(HTMLText.escaped(name))</span>\(more)</summary>
            \(content)</details>

            """
    }

    /// What is known of something, name by name; nil is left out.
    static func list(_ entries: [(String, String?)]) -> String {
        let rows = entries.compactMap { name, value in
            value.map { "<dt>\(HTMLText.escaped(name))</dt><dd>\(HTMLText.escaped($0))</dd>\n" }
        }
        return rows.isEmpty ? "" : "<dl>\n\(rows.joined())</dl>\n"
    }

    /// The fields of a change; nothing where it has none.
    static func fields(_ fields: [FieldChange], before: String, after: String) -> String {
        guard !fields.isEmpty else { return "" }
        let rows = fields.map { field in
            let cells = [field.field, field.before ?? "none", field.after ?? "none"]
            return "<tr>\(cells.map { "<td>\(HTMLText.escaped($0.isEmpty ? "(empty)" : $0))</td>" }.joined())</tr>\n"
        }
        let heads = ["Field", before, after].map { "<th scope=\"col\">\($0)</th>" }.joined()
        return "<table>\n<thead><tr>\(heads)</tr></thead>\n<tbody>\n\(rows.joined())</tbody>\n</table>\n"
    }
}
