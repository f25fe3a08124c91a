public import Fetch
public import Reconciler

/// Probes of changes on trial are run from this host.
extension NetworkProbes: ProbeRunner {}
