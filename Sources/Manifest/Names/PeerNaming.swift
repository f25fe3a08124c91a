public import Model

/// Gives the peers of one interface names that are valid, unique, and unique as DNS labels too.
public struct PeerNaming: Sendable {
    private var names: Set<String> = []
    private var labels: Set<String> = []

    /// No name is taken yet.
    public init() {}

    /// A name close to `proposal`, or `peer-` and eight hex digits of the key where nothing of it is left.
    public mutating func name(_ proposal: String?, key: PublicKey) -> String {
        let fallback = Self.fallback(key)
        let base = proposal.flatMap(Self.valid) ?? fallback
        if take(base) { return base }
        for number in 2...10_000 {
            let candidate = "\(base)-\(number)"
            if PeerName.fault(of: candidate) == nil, take(candidate) { return candidate }
        }
        // Only a name that fills the whole length gets here.
        _ = take(fallback)
        return fallback
    }

    private mutating func take(_ name: String) -> Bool {
        let label = DNSLabel.derived(from: name)
        guard !names.contains(name), label.isEmpty || !labels.contains(label) else { return false }
        names.insert(name)
        if !label.isEmpty { labels.insert(label) }
        return true
    }

    private static func fallback(_ key: PublicKey) -> String {
        let hex = String(key.words.0 >> 32, radix: 16)
        return "peer-" + String(repeating: "0", count: 8 - hex.count) + hex
    }

    /// The text without what a name may not hold; nil when nothing is left.
    private static func valid(_ text: String) -> String? {
        var cleaned = ""
        for scalar in NormalizationFormC.of(text).unicodeScalars {
            let isSpace = scalar == " " || scalar == "\t" || scalar.properties.generalCategory == .spaceSeparator
            if isSpace {
                if !cleaned.isEmpty, cleaned.unicodeScalars.last != " " { cleaned.unicodeScalars.append(" ") }
            } else if PeerName.fault(of: "a\(scalar)a") == nil {
                cleaned.unicodeScalars.append(scalar)
            }
            if cleaned.unicodeScalars.count == PeerName.maximumLength { break }
        }
        while cleaned.unicodeScalars.last == " " { cleaned.unicodeScalars.removeLast() }
        return PeerName.fault(of: cleaned) == nil ? cleaned : nil
    }
}
