/// What git accepts as the name of a branch (`git-check-ref-format(1)`), so that it means nothing else in a request.
enum BranchName {
    static func isValid(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return !name.hasPrefix("-") && !name.contains("..") && !name.contains("@{") && name != "@"
            && !name.hasSuffix(".") && name.utf8.allSatisfy(isAllowed)
            && parts.allSatisfy { part in
                !part.isEmpty && part.first != UInt8(ascii: ".") && !part.suffix(5).elementsEqual(".lock".utf8)
            }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != 0x7F && !"~^:?*[\\".utf8.contains(byte)
    }
}
