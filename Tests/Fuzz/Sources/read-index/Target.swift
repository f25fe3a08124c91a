import Fuzzing

/// What libFuzzer calls with each input: the index of a worktree, as git or whoever else writes it.
///
/// Nothing traps, whatever the numbers in it say; and only what was asked for is told.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let bytes = unsafe input(data, size)
    let paths: Set<[UInt8]> = [Array("a".utf8), Array("peers/wg0/a.yaml".utf8)]
    for nameLength in [20, 32] {
        guard let index = IndexFile.read(bytes, of: paths, nameLength: nameLength) else { continue }
        guard paths.isSuperset(of: index.entries.keys) else { broken("an entry of another path", bytes) }
        guard index.obstacles.isSubset(of: [Array("peers".utf8), Array("peers/wg0".utf8)]) else {
            broken("an obstacle that stands in no way", bytes)
        }
    }
    return 0
}
