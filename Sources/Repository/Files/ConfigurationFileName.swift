/// Which files of a tree are configuration. The same rule holds for commits and for directories.
enum ConfigurationFileName {
    /// Whether the name ends in `.yaml` or `.yml`.
    static func isConfiguration(_ name: some BidirectionalCollection<UInt8>) -> Bool {
        endings.contains { ending in name.count > ending.count && name.suffix(ending.count).elementsEqual(ending) }
    }

    /// Whether a file or folder of this name is left out: hidden ones belong to tools (`.git`, `.github`, swap files).
    static func isHidden(_ name: some Collection<UInt8>) -> Bool { name.first == UInt8(ascii: ".") }

    private static let endings = [Array(".yaml".utf8), Array(".yml".utf8)]
}
