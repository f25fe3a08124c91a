import Glibc

/// Renaming without losing what stands at the new name (`renameat2(2)`).
enum RenameExchange {
    /// Both files exchange their names in one step.
    static func exchange(
        _ first: [UInt8], in firstFolder: Int32, _ second: [UInt8], in secondFolder: Int32
    ) throws(FileFailure) {
        try rename(first, firstFolder, second, secondFolder, flags: 2)
    }

    /// Renames, unless something stands at the new name (`EEXIST`).
    static func move(
        _ old: [UInt8], in oldFolder: Int32, to new: [UInt8], in newFolder: Int32
    ) throws(FileFailure) {
        try rename(old, oldFolder, new, newFolder, flags: 1)
    }

    private static func rename(
        _ old: [UInt8], _ oldFolder: Int32, _ new: [UInt8], _ newFolder: Int32, flags: UInt32
    ) throws(FileFailure) {
        guard let call = unsafe call else { throw FileFailure(code: ENOSYS) }
        let from = old.map(CChar.init(bitPattern:)) + [0]
        let to = new.map(CChar.init(bitPattern:)) + [0]
        guard unsafe call(oldFolder, from, newFolder, to, flags) == 0 else { throw .last }
    }

    private typealias Call =
        @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32

    /// glibc 2.28 and newer; hidden from Swift by its feature macro.
    private static let call: Call? = unsafe dlsym(nil, "renameat2").map { unsafe unsafeBitCast($0, to: Call.self) }
}
