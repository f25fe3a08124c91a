import Foundation
import Glibc
import Model
import Testing

@testable import wirebuddy

@Suite("Keys of a terminal")
struct KeyInputTests {
    /// Both ends of a pseudo terminal.
    private struct Pair {
        let master: Int32
        let slave: Int32

        init() throws {
            // `ioctl_tty(2)`: a new pair, unlocked, and its other end by descriptor.
            let (TIOCSPTLCK, TIOCGPTPEER): (UInt, UInt) = (0x4004_5431, 0x5441)
            let master = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
            try #require(master >= 0)
            var isLocked: Int32 = 0
            let result = unsafe ioctl(master, TIOCSPTLCK, &isLocked)
            try #require(result == 0)
            let slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC)
            try #require(slave >= 0)
            (self.master, self.slave) = (master, slave)
        }

        var flags: tcflag_t {
            var settings = termios()
            #expect(unsafe tcgetattr(slave, &settings) == 0)
            return settings.c_lflag & tcflag_t(ICANON | ECHO | ISIG)
        }
    }

    @Test("keys come at once, and the terminal is given back as it was", .timeLimit(.minutes(1)))
    func keys() async throws {
        let pair = try Pair()
        defer { close(pair.master) }
        let before = pair.flags
        let (keys, post) = AsyncStream.makeStream(of: UInt8.self)
        let taken = KeyInput(pair.slave, key: { post.yield($0) }, end: { post.finish() })
        let input = try #require(taken)
        // Ctrl-C still interrupts.
        #expect(pair.flags == tcflag_t(ISIG))
        #expect(unsafe write(pair.master, "s", 1) == 1)
        var iterator = keys.makeAsyncIterator()
        #expect(await iterator.next() == UInt8(ascii: "s"))
        input.restore()
        #expect(pair.flags == before)
        close(pair.slave)
    }

    @Test("a terminal that goes away ends it", .timeLimit(.minutes(1)))
    func hangUp() async throws {
        let pair = try Pair()
        let (keys, post) = AsyncStream.makeStream(of: UInt8.self)
        let taken = KeyInput(pair.slave, key: { post.yield($0) }, end: { post.finish() })
        let input = try #require(taken)
        close(pair.master)
        for await _ in keys {}
        input.restore()
        close(pair.slave)
    }

    @Test("what is no terminal is left alone")
    func noTerminal() throws {
        let descriptor = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(descriptor) }
        let input = KeyInput(descriptor, key: { _ in }, end: {})
        #expect(input == nil)
        #expect(TerminalSize.current(descriptor) == nil)
    }

    @Test("the size is that of the window")
    func size() throws {
        let pair = try Pair()
        defer {
            close(pair.slave)
            close(pair.master)
        }
        var size = winsize(ws_row: 33, ws_col: 101, ws_xpixel: 0, ws_ypixel: 0)
        #expect(unsafe ioctl(pair.master, UInt(TIOCSWINSZ), &size) == 0)
        #expect(TerminalSize.current(pair.slave) == TerminalSize(columns: 101, rows: 33))
    }
}
