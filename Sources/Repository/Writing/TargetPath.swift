/// Which paths a write may name: inside the root, no hidden file or folder (`.git` among them), nothing odd.
enum TargetPath {
    /// Why a path is refused; nil when it is fine.
    static func objection(to path: String) -> String? {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if path.isEmpty || path.utf8.count > 1024 { return "has no usable length" }
        if path.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return "has a control character" }
        if parts.contains(where: \.isEmpty) { return "is not relative to the root of the repository" }
        if parts.contains(where: { $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) }) {
            return "leaves the repository"
        }
        if parts.contains(where: ConfigurationFileName.isHidden) { return "is hidden" }
        if parts.count > TreeListing.deepest { return "is too deep" }
        if parts.contains(where: { $0.count > 255 }) { return "has a name of more than 255 bytes" }
        return nil
    }
}
