import Foundation
import Model
import Reconciler
import Testing

@testable import Kernel

/// A program that misbehaves on its socket.
@Suite struct UAPIFaultTests {
    private struct NoLinks: LinkControl {
        func link(named name: String) throws(BackendError) -> ObservedLink? { nil }
        func change(_ name: String, _ change: LinkChange) throws(BackendError) {}
        func delete(_ name: String) throws(BackendError) {}
    }

    private func device(_ directory: String) -> UserspaceWireGuard {
        UserspaceWireGuard(
            program: UserspaceProgram(program: "no-such-program"), links: NoLinks(), watch: ProcessWatch { _ in },
            publicKey: { _ in nil }, directory: directory)
    }

    @Test func anAnswerInPiecesIsOneAnswer() throws {
        let server = try FakeUAPIServer(link: "wg0")
        server.answer(["listen_po", "rt=7", "\nerrno=0", "\n", "\n"], then: true)
        #expect(try device(server.directory).observe("wg0")?.listenPort == 7)
    }

    @Test func anAnswerIsReadWholeThoughLittleOfItIsHeldAtATime() throws {
        let server = try FakeUAPIServer(link: "wg0")
        let peers = (1...4000).map { number in
            let digits = String(number, radix: 16)
            return "public_key=\(String(repeating: "0", count: 64 - digits.count))\(digits)\n"
                + "allowed_ip=10.8.\(number / 250).\(number % 250)/32\nrx_bytes=\(number)\n"
        }
        server.answer(["listen_port=7\n" + peers.joined() + "errno=0\n\n"], then: true)
        let device = device(server.directory)
        // Another time with room for as many as there are.
        for _ in 0..<2 {
            let found = try #require(try device.observe("wg0")).peers
            #expect(found.map(\.publicKey.words.3) == Array(1...4000))
            #expect(found.map(\.receivedBytes) == Array(1...4000))
            #expect(found.last?.allowedIPs.map(\.description) == ["10.8.16.0/32"])
        }
    }

    @Test func aLineWithoutAnEndIsAnError() throws {
        let server = try FakeUAPIServer(link: "wg0")
        server.answer(["listen_port=" + String(repeating: "1", count: 200_000)], then: true)
        let error = #expect(throws: BackendError.self) { try device(server.directory).observe("wg0") }
        #expect(error?.message.contains("too long") == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        (["listen_port=7\n"], "hung up"), (["listen_port=seven\nerrno=0\n\n"], "number in range"), ([], "hung up"),
        (["\n\n"], "an errno"),
    ])
    func aBrokenAnswerIsAnError(pieces: [String], reason: String) throws {
        let server = try FakeUAPIServer(link: "wg0")
        server.answer(pieces)
        let error = #expect(throws: BackendError.self) { try device(server.directory).observe("wg0") }
        #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
        #expect(error?.kind == .transient)
    }

    @Test(arguments: [
        ("errno=-22\n\n", BackendError.Kind.terminal), ("errno=12\n\n", .transient), ("errno=-98\n\n", .transient),
    ])
    func aRefusalHasItsNumberAndKind(answer: String, kind: BackendError.Kind) throws {
        let server = try FakeUAPIServer(link: "wg0")
        server.answer([answer])
        let error = #expect(throws: BackendError.self) {
            try device(server.directory).configure("wg0", DeviceChange(listenPort: 5))
        }
        #expect(error?.kind == kind)
        #expect(error?.message.contains("errno") == true)
    }

    @Test func nobodyBehindTheSocketIsNoDevice() throws {
        #expect(try device("/nonexistent").observe("wg0") == nil)
    }

    @Test func aLongPathIsAnError() {
        let path = "/tmp/" + String(repeating: "x", count: 200)
        #expect(throws: BackendError.self) { try device(path).observe("wg0") }
    }

    @Test func aListenerIsFoundByItsFile() throws {
        let server = try FakeUAPIServer(link: "wg0")
        let inode = try #require(try UnixListeners.socketInode(boundTo: server.path))
        let holder = try #require(ProcessHandle.holder(ofSocketInode: inode))
        #expect(holder.id == getpid() && !holder.hasEnded)
        #expect(try UnixListeners.socketInode(boundTo: server.path + "x") == nil)
        #expect(try UnixListeners.socketInode(boundTo: "/etc/passwd") == nil)
    }

    @Test func randomAnswersOfTheKernelNeverCrash() {
        var generator = SplitMix(state: 5)
        for _ in 0..<5000 {
            var bytes = (0..<Int.random(in: 0...96, using: &generator)).map { _ in
                UInt8.random(in: .min ... .max, using: &generator)
            }
            if bytes.count >= 4 { bytes.replaceSubrange(0..<4, with: [UInt8(bytes.count), 0, 0, 0]) }
            _ = try? UnixListeners.find(.init(inode: 1, device: 2), in: bytes[...])
        }
    }
}
