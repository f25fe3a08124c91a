import Dispatch
import Glibc

/// A terminal that gives every key at once and shows none. Ctrl-C interrupts as ever.
final class KeyInput {
    private let descriptor: Int32
    private let before: termios
    private let source: any DispatchSourceRead

    /// Takes a terminal over until ``restore()``.
    ///
    /// - Parameters:
    ///   - key: called for every byte that was typed.
    ///   - end: called when the terminal is gone.
    /// - Returns: nil when the descriptor is no terminal.
    init?(
        _ descriptor: Int32 = STDIN_FILENO, key: @escaping @Sendable (UInt8) -> Void,
        end: @escaping @Sendable () -> Void
    ) {
        var settings = termios()
        guard unsafe tcgetattr(descriptor, &settings) == 0 else { return nil }
        self.descriptor = descriptor
        before = settings
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
        unsafe withUnsafeMutableBytes(of: &settings.c_cc) { controls in
            unsafe controls[Int(VMIN)] = 1
            unsafe controls[Int(VTIME)] = 0
            // _POSIX_VDISABLE: stopped by Ctrl-Z the program would leave the shell with a foreign screen.
            unsafe controls[Int(VSUSP)] = 0
        }
        guard unsafe tcsetattr(descriptor, TCSANOW, &settings) == 0 else { return nil }
        source = DispatchSource.makeReadSource(
            fileDescriptor: descriptor, queue: DispatchQueue(label: "wirebuddy.keys"))
        source.setEventHandler {
            var bytes = [UInt8](repeating: 0, count: 64)
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                if count < 0, errno == EINTR || errno == EAGAIN { return }
                end()
                return
            }
            bytes.prefix(count).forEach(key)
        }
        source.activate()
    }

    /// Gives the terminal back as it was.
    func restore() {
        source.cancel()
        var before = before
        unsafe tcsetattr(descriptor, TCSANOW, &before)
    }
}
