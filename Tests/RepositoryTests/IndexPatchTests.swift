import Foundation
import Testing

@testable import Repository

/// Our changes of the index against those of git.
@Suite struct IndexPatchTests {
    @Test func theChecksum() {
        let hexadecimal = { (text: String) in
            SHA1.digest(Array(text.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
        // RFC 3174, section 7.3, and lengths around a block.
        #expect(hexadecimal("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(hexadecimal("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
        #expect(
            hexadecimal("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                == "84983e441c3bd26ebaae4aa1f95129e5e54670f1")
        #expect(
            hexadecimal(
                String(repeating: "0123456701234567012345670123456701234567012345670123456701234567", count: 10))
                == "dea356a2cddd90c7a7ecedc5ebb563934f460452")
    }

    /// Random trees and changes: what git lists afterwards is the same, and it finds the checksum right.
    @Test(arguments: 0..<12) func randomChanges(seed: Int) throws {
        let tree = try TestRepository(git: true)
        var random = Generator(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1)
        func name() -> String {
            let parts = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                let letters = (0..<Int.random(in: 1...9, using: &random)).map { _ in
                    "ab-.z0".randomElement(using: &random) ?? "a"
                }
                return "x" + String(letters)
            }
            return parts.joined(separator: "/") + "~"
        }
        for number in 0..<40 { try tree.write(name(), "text \(number)") }
        try tree.commit()
        if seed % 3 == 0 { try tree.git("update-index", "--index-version", "3") }
        // An entry with extended flags makes it version 3.
        if seed % 2 == 0 {
            try tree.write("new/~", "added later")
            try tree.git("add", "-N", "new/~")
        }
        let first = try tree.git("ls-tree", "-r", "--object-only", "HEAD").prefix(40)
        let blob = try #require(ObjectName(hexadecimal: Array(first.utf8)))
        let listed = try tree.git("ls-files").split(separator: "\n").map(String.init)
        var changes: [String: IndexPatch.Change] = [:]
        for path in listed.shuffled(using: &random).prefix(8) {
            let isRemoval = Bool.random(using: &random)
            changes[path] = IndexPatch.Change(
                path: Array(path.utf8), entry: isRemoval ? nil : (0o100755, blob))
        }
        for _ in 0..<8 {
            let path = name()
            changes[path] = IndexPatch.Change(path: Array(path.utf8), entry: (0o100644, blob))
        }
        changes["absent"] = IndexPatch.Change(path: Array("absent".utf8), entry: nil)
        let index = URL(fileURLWithPath: "\(tree.path)/.git/index")
        let before = [UInt8](try Data(contentsOf: index))
        let patched = try #require(IndexPatch.apply(Array(changes.values), to: before))
        var expected = Set(try tree.git("ls-files", "-s").split(separator: "\n").map(String.init))
        expected = expected.filter { line in changes[String(line.split(separator: "\t")[1])] == nil }
        for (path, change) in changes {
            if let entry = change.entry {
                expected.insert("\(String(entry.mode, radix: 8)) \(entry.object) 0\t\(path)")
            }
        }
        try Data(patched).write(to: index)
        let found = try tree.git("ls-files", "-s").split(separator: "\n").map(String.init)
        #expect(Set(found) == expected && found.count == expected.count)
        // fsck compares the checksum and the order of the entries.
        try tree.git("fsck", "--strict")
    }

    @Test func whatOnlyGitUnderstands() throws {
        let tree = try TestRepository(git: true)
        try tree.writeGateway()
        try tree.commit()
        let index = URL(fileURLWithPath: "\(tree.path)/.git/index")
        #expect(IndexPatch.apply([], to: [UInt8](try Data(contentsOf: index))) != nil)
        try tree.git("update-index", "--index-version", "4")
        #expect(IndexPatch.apply([], to: [UInt8](try Data(contentsOf: index))) == nil)
        try tree.git("update-index", "--index-version", "2")
        try tree.git("update-index", "--split-index")
        #expect(IndexPatch.apply([], to: [UInt8](try Data(contentsOf: index))) == nil)
        #expect(IndexPatch.apply([], to: []) == nil)
    }

    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }
}
