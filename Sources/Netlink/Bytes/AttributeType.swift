internal import CLibMnl

/// A constant of a header that names an attribute: Swift sees those of anonymous enums as integers, the others as types.
protocol AttributeType {
    var attributeType: Int { get }
}

extension Int: AttributeType {
    var attributeType: Int { self }
}

extension AttributeType where Self: RawRepresentable<UInt32> {
    var attributeType: Int { Int(rawValue) }
}

extension rtattr_type_t: AttributeType {}
extension wgdevice_attribute: AttributeType {}
extension wgpeer_attribute: AttributeType {}
extension wgallowedip_attribute: AttributeType {}
extension nlmsgerr_attrs: AttributeType {}
extension nft_gen_attributes: AttributeType {}
extension ctattr_type: AttributeType {}
extension ctattr_tuple: AttributeType {}
extension ctattr_ip: AttributeType {}
extension ctattr_l4proto: AttributeType {}
extension ctattr_counters: AttributeType {}
extension ctattr_tstamp: AttributeType {}

/// Lets a `switch` over an attribute's type name those constants.
func ~= (constant: some AttributeType & RawRepresentable<UInt32>, type: Int) -> Bool { constant.attributeType == type }
