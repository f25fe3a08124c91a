public import Credentials
public import Reconciler

/// The secrets of the host are where the reconciler gets its keys.
extension HostSecrets: SecretSource {}
