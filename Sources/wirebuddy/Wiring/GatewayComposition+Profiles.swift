import Gateway
import Glibc
import Model

extension GatewayComposition {
    /// Makes the configurations of devices. An interface that has no key yet gets the one its first apply uses, where
    /// this is its gateway: the state directory is here, and no link of that name, which would have its own key.
    var profiles: DeviceProfiles {
        let state = settings.state.content
        return DeviceProfiles(secrets: secrets) { interface in
            guard !interface.adopt, unsafe access(state, W_OK) == 0 else { return false }
            return unsafe access("/sys/class/net/\(interface.name)", F_OK) != 0
        }
    }
}
