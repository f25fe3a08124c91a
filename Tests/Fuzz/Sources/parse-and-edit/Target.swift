import Glibc
import Manifest

/// What libFuzzer calls with each input: the first byte chooses an edit, the rest is a text.
///
/// Whatever stands in the text, nothing traps, problems lie inside it, and every edit holds the invariants that
/// `EditInvariants` checks.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: data, count: size))
    guard let seed = input.first else { return 0 }
    let text = Array(input.dropFirst())
    let path = seed >= 0xC0 ? "f.json" : "f.yaml"
    let tree = SyntaxTree(path: path, bytes: text)
    let lines = 1 + text.count { $0 == UInt8(ascii: "\n") }
    for problem in tree.problems where problem.line < 1 || problem.line > lines || problem.column < 1 {
        report("a problem outside of the text: \(problem.render())", text)
    }
    guard tree.problems.isEmpty, !tree.documents.isEmpty else { return 0 }
    var choices = EditGenerator(random: Random(seed: UInt64(seed)))
    for _ in 0..<4 {
        let edit = choices.edit(tree)
        if case .broken(let reason) = EditInvariants(text: text, edit: edit, path: path).outcome() {
            report("\(reason)\n\(edit)", text)
        }
    }
    return 0
}

private func report(_ reason: String, _ text: [UInt8]) -> Never {
    print("\(reason)\n--- text\n\(String(decoding: text, as: UTF8.self).debugDescription)")
    fflush(nil)
    abort()
}
