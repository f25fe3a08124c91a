import CLibSodium

/// libsodium, initialised once per process before its first use.
enum Sodium {
    /// Whether `sodium_init` succeeded (0 or 1; 1 = it was done already). It chooses fast implementations and opens the
    /// random source; without it everything used here still works, only slower.
    private static let isReady = sodium_init() >= 0

    static func prepare() { _ = isReady }
}
