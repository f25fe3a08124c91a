import DNSPolicy
import Fuzzing
import Model

@testable import Manifest
@testable import NftablesJSON

/// What libFuzzer calls with each input: JSON of somebody else: a plan that another gateway answers, the files of a checkout
/// that one is asked to plan, or what `nft -j` lists.
///
/// Nothing traps. The two readers of JSON agree; a plan is printed so that it is read again as the same; problems of files
/// lie inside them.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let bytes = unsafe input(data, size)
    checkListing(bytes)
    let tree = SyntaxTree(path: "answer.json", bytes: bytes)
    guard tree.problems.isEmpty, let root = tree.documents.first?.root else {
        if tree.problems.isEmpty { broken("neither a document nor a problem", bytes) }
        for problem in tree.problems where !(1...lines(of: bytes)).contains(problem.line) {
            broken("a problem outside of the text: \(problem.render())", bytes)
        }
        return 0
    }
    if let value = root.json { checkDocument(value, bytes) }
    if case .map(let files)? = root["files"]?.content { checkFiles(files, bytes) }
    return 0
}

private typealias Listing = NftablesJSON.JSONValue

/// The reader of listings, and what it writes.
private func checkListing(_ bytes: [UInt8]) {
    do throws(Listing.Malformed) {
        let listing = try Listing(parsing: bytes)
        let again = try? Listing(parsing: listing.bytes)
        if again != listing { broken("another listing after writing", bytes) }
    } catch {
        if !(0...bytes.count).contains(error.offset) { broken("a fault outside of the text: \(error)", bytes) }
    }
}

private func checkDocument(_ value: Model.JSONValue, _ bytes: [UInt8]) {
    for written in [value.document(), value.compactBytes()] {
        let again = SyntaxTree(path: "answer.json", bytes: written)
        guard again.problems.isEmpty, again.documents.first?.root.json == value else {
            broken("another document after writing: \(String(decoding: written, as: UTF8.self))", bytes)
        }
        guard let listing = try? Listing(parsing: written), same(listing, value) else {
            broken("the two readers don't agree on \(String(decoding: written, as: UTF8.self))", bytes)
        }
    }
}

private func same(_ listing: Listing, _ value: Model.JSONValue) -> Bool {
    switch (listing, value) {
    case (.null, .null): true
    case (.bool(let left), .boolean(let right)): left == right
    case (.number(let left), .integer(let right)): left == right
    case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
    case (.array(let left), .array(let right)): left.count == right.count && zip(left, right).allSatisfy(same)
    case (.object(let left), .object(let right)):
        left.count == right.count
            && zip(left, right).allSatisfy { $0.name.utf8.elementsEqual($1.0.utf8) && same($0.value, $1.1) }
    default: false
    }
}

/// The files of a checkout, as `plan --against` sends them.
private func checkFiles(_ entries: [Entry], _ bytes: [UInt8]) {
    let files = entries.prefix(8).compactMap { entry in
        entry.value.plainText.map { SourceFile(path: entry.key.text, bytes: Array($0.utf8)) }
    }
    let result = Manifest.load(files, dnsSyntax: RuleSyntax(), now: Timestamp(seconds: 1_800_000_000))
    for problem in result.problems {
        let count = files.filter { $0.path == problem.path }.map { lines(of: $0.bytes) }.max() ?? 1
        if !(1...count).contains(problem.line) { broken("a problem outside of its file: \(problem.render())", bytes) }
    }
}
