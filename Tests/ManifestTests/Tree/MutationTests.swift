import Foundation
import Manifest
import Model
import Testing

/// Damaged files of the corpus: whatever stands there, nothing traps, problems lie inside the text, and what is
/// accepted has exact ranges.
@Suite("Mutations")
struct MutationTests {
    private static let pieces = [
        " ", "  ", "\n", "\n  ", ": ", ":", "- ", "#", " #", "'", "\"", "[", "]", "{", "}", ",", ", ", "|", ">", "|+\n",
        "|1\n", "---\n", "...\n", "? ", "&a ", "*a", "!t ", "%", "@", "\t", "\r\n", "\\", "~", "0x1F", "012", "é", "📱",
        "a: b", "\n\n", "- - ", "{}", "<<: ", "\u{0}", "\u{85}", "\u{FEFF}",
    ].map { Array($0.utf8) }

    @Test("damaged corpus", arguments: 0..<40)
    func damaged(seed: Int) throws {
        var random = Random(seed: UInt64(seed))
        let now = try #require(CorpusTests.now)
        for folder in ["good", "bad"] {
            for name in try CorpusTests.names(folder) where random.next(10) == 0 {
                var bytes = [UInt8](
                    try Data(contentsOf: CorpusTests.root.appending(path: folder).appending(path: name)))
                for _ in 0...random.next(3) { Self.mutate(&bytes, &random) }
                try check(bytes, now)
            }
        }
    }

    static func mutate(_ bytes: inout [UInt8], _ random: inout Random) {
        let place = random.next(bytes.count + 1)
        switch random.next(4) {
        case 0: bytes.removeSubrange(place..<min(bytes.count, place + random.next(5)))
        case 1:
            let other = random.next(bytes.count + 1)
            bytes.insert(contentsOf: bytes[other..<min(bytes.count, other + random.next(20))], at: place)
        default: bytes.insert(contentsOf: pieces[random.next(pieces.count)], at: place)
        }
    }

    private func check(_ bytes: [UInt8], _ now: Timestamp) throws {
        let lines = 1 + bytes.count { $0 == UInt8(ascii: "\n") }
        for problem in Manifest.load([SourceFile(path: "m.yaml", bytes: bytes)], now: now).problems {
            #expect(problem.line <= lines && problem.line > 0 && problem.column > 0, "\(problem.render())")
        }
        _ = HostFile.decode(path: "m.yaml", bytes: bytes)
        let tree = SyntaxTree(path: "m.yaml", bytes: bytes)
        guard tree.problems.isEmpty else { return }
        for document in tree.documents {
            guard case .map = document.root.content else { continue }
            for (scalar, range) in scalars(of: document.root) where !range.bytes.isEmpty {
                try checkSlice(scalar, bytes[range.bytes], endsWithBreak: range.bytes.upperBound < bytes.count)
            }
        }
    }

    private func checkSlice(_ scalar: Scalar, _ slice: ArraySlice<UInt8>, endsWithBreak: Bool) throws {
        // `kind::` has the key `kind:`, which is no value.
        if scalar.style == .plain, slice.last == UInt8(ascii: ":") { return }
        // The depth of an explicit indentation counts from a parent that is not here.
        if scalar.style == .literal || scalar.style == .folded,
            slice.prefix(3).contains(where: { (49...57).contains($0) })
        {
            return
        }
        let text = Array("k: ".utf8) + slice + (endsWithBreak ? [UInt8(ascii: "\n")] : [])
        let again = SyntaxTree(path: "s", bytes: text)
        guard case .scalar(let copy)? = again.documents.first?.root["k"]?.content else {
            Issue.record(
                "«\(String(decoding: slice, as: UTF8.self))» is no scalar: \(again.problems.map { $0.render() })")
            return
        }
        #expect(copy.text == scalar.text && copy.style == scalar.style, "«\(String(decoding: slice, as: UTF8.self))»")
    }
}
