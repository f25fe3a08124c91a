extension DNSRule {
    /// The id the document gives, else a UUID of version 8 made of the digest of the four fields that decide: action,
    /// domain, client and answer. The same on every host and in every repository; a rule with another comment, time or
    /// place has the same.
    ///
    /// - Parameter digest: BLAKE2b.
    /// - Returns: 36 lower-case characters.
    public func identifier(digest: any Digest) -> String {
        if let id { return id }
        var form = CanonicalForm()
        form.append("dns-rule")
        form.append(action.rawValue)
        form.append(foldedDomain)
        form.append(client?.description ?? "")
        form.append(answer?.description ?? "")
        return UUIDv8.text(of: digest.digest(form.bytes))
    }
}

extension DNSFilterLine {
    /// A UUID of version 8 made of the digest of the text: a line that moves keeps it, and equal lines, which do the same
    /// as one, share it.
    ///
    /// - Parameter digest: BLAKE2b.
    /// - Returns: 36 lower-case characters.
    public func identifier(digest: any Digest) -> String {
        var form = CanonicalForm()
        form.append("dns-filter-line")
        form.append(text)
        return UUIDv8.text(of: digest.digest(form.bytes))
    }
}
