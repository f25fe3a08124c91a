/// What brings a device configuration up; some routing modes are written differently for each (CONFIG.md, "Peer").
public enum Platform: String, Sendable, Hashable, CaseIterable {
    /// The WireGuard apps for phones and desktops.
    case app
    /// `wg-quick` on Linux.
    case linux
}
