import Model

/// Mail addresses in the form that people have: no comments, no quotes, nothing that means something in a header.
enum MailAddress {
    static func isValid(_ text: String) -> Bool {
        guard text.utf8.count <= 254, let at = text.utf8.lastIndex(of: UInt8(ascii: "@")) else { return false }
        let (local, domain) = (text.utf8[..<at], text.utf8[text.utf8.index(after: at)...])
        guard (1...64).contains(local.count), domain.last != UInt8(ascii: "."),
            local.allSatisfy({ InterfaceName.isAlphanumeric($0) || "._%+-".utf8.contains($0) })
        else { return false }
        return HostName(text: Array(domain)[...]) != nil
    }
}
