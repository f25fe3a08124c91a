import Foundation
import Model
import Reconciler
import Testing

@testable import Repository

/// Many peers, one file each. The figures are printed; the limits of a release build are checked there only.
@Suite(.serialized) struct SpeedTests {
    #if DEBUG
        // Fewer where only the behaviour is checked.
        private static let peers = 2_000
    #else
        private static let peers = 10_000
    #endif

    private func writeAll(_ tree: TestRepository) throws {
        try tree.write("interfaces/wg0.yaml", Sample.interface)
        try FileManager.default.createDirectory(atPath: "\(tree.path)/peers/wg0", withIntermediateDirectories: true)
        for number in 0..<Self.peers {
            let file = "\(tree.path)/peers/wg0/\(Sample.peerName(number)).yaml"
            try Data(Sample.peer(number).utf8).write(to: URL(fileURLWithPath: file))
        }
    }

    @Test func manyFilesInGit() async throws {
        let tree = try TestRepository(git: true)
        try writeAll(tree)
        try tree.commit()
        let repository = tree.repository()
        let (cold, first) = try await measure { try await repository.read(now: TestRepository.now) }
        #expect(first.catalog.peers.count == Self.peers)
        var unchanged = Duration.seconds(9)
        for _ in 0..<20 {
            let (time, same) = try await measure { try await repository.read(now: TestRepository.now) }
            #expect(same.id == first.id && same.catalog.peers.count == Self.peers)
            unchanged = min(unchanged, time)
        }
        try tree.write("peers/wg0/\(Sample.peerName(77)).yaml", Sample.peer(77, description: "changed"))
        try tree.commit()
        let (changed, second) = try await measure { try await repository.read(now: TestRepository.now) }
        #expect(second.id != first.id && second.catalog.peers.count == Self.peers)
        #expect(await repository.parsedFiles == Self.peers + 2)
        print("\(Self.peers) files in git: cold \(cold), unchanged \(unchanged), one changed file \(changed)")
        #if !DEBUG
            #expect(unchanged <= .milliseconds(5))
            #expect(changed <= .milliseconds(600))
        #endif
    }

    @Test func manyFilesInADirectory() async throws {
        let tree = try TestRepository(git: false)
        try writeAll(tree)
        let repository = tree.repository()
        let (cold, first) = try await measure { try await repository.read(now: TestRepository.now) }
        #expect(first.catalog.peers.count == Self.peers)
        let (unchanged, same) = try await measure { try await repository.read(now: TestRepository.now) }
        #expect(same.id == first.id)
        try tree.write("peers/wg0/\(Sample.peerName(77)).yaml", Sample.peer(77, description: "changed"))
        try await Task.sleep(for: .milliseconds(30))
        let (changed, second) = try await measure { try await repository.read(now: TestRepository.now) }
        #expect(second.id != first.id)
        #expect(await repository.parsedFiles == Self.peers + 2)
        print("\(Self.peers) files in a directory: cold \(cold), unchanged \(unchanged), one changed file \(changed)")
        #if !DEBUG
            #expect(changed <= .milliseconds(600))
        #endif
    }

    private func measure<Value>(_ body: () async throws -> Value) async throws -> (Duration, Value) {
        let start = ContinuousClock.now
        let value = try await body()
        return (ContinuousClock.now - start, value)
    }
}
