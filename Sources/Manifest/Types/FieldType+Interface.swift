import Model

extension FieldType where Value == MTU {
    /// `auto` or a number.
    static var mtu: FieldType {
        let number = FieldType<Int>.integer(576...65535)
        let allowed = "auto or a number from 576 to 65535"
        let schema = JSONValue.object([("anyOf", .array([.object([("const", .string("auto"))]), number.schema]))])
        let show: @Sendable (MTU) -> JSONValue = { mtu in
            switch mtu {
            case .auto: .string("auto")
            case .fixed(let value): .number(value)
            }
        }
        return FieldType(schema: schema, allowed: allowed, show: show) { node, context in
            guard case .scalar(let scalar) = node.content else {
                context.wrongType(node, allowed: allowed)
                return nil
            }
            if case .integer(let value) = scalar.value, (576...65535).contains(value) { return .fixed(Int(value)) }
            if scalar.value == .string, scalar.text == "auto" { return .auto }
            context.invalid(node, allowed: allowed)
            return nil
        }
    }
}

extension FieldType where Value == RouteTable {
    /// `auto`, `off` or a number.
    static var table: FieldType {
        let allowed = "auto, off or the number of a routing table (1 to 4294967295, not 255)"
        let number = JSONValue.object([
            ("type", .string("integer")), ("minimum", .integer(1)), ("maximum", .integer(0xFFFF_FFFF)),
            ("not", .object([("const", .integer(255))])),
        ])
        let words = JSONValue.object([("enum", .array([.string("auto"), .string("off")]))])
        let show: @Sendable (RouteTable) -> JSONValue = { table in
            switch table {
            case .auto: .string("auto")
            case .off: .string("off")
            case .number(let number): .integer(Int64(number))
            }
        }
        let schema = JSONValue.object([("anyOf", .array([words, number]))])
        return FieldType(schema: schema, allowed: allowed, show: show) { node, context in
            guard case .scalar(let scalar) = node.content else {
                context.wrongType(node, allowed: allowed)
                return nil
            }
            switch scalar.value {
            case .integer(let value) where (1...0xFFFF_FFFF).contains(value) && value != 255:
                return .number(UInt32(value))
            case .string where scalar.text == "auto": return .auto
            case .string where scalar.text == "off": return .off
            default:
                context.invalid(node, allowed: allowed)
                return nil
            }
        }
    }
}

extension FieldType where Value == Masquerade {
    /// `true`, `false` or the links that traffic leaves by.
    static var masquerade: FieldType {
        let links = FieldType<[String]>.list("link-name", of: .linkName, "output interfaces", minimum: 1)
        let allowed = "true, false or a list of output interfaces"
        let schema = JSONValue.object([("anyOf", .array([FieldType<Bool>.boolean.schema, links.schema]))])
        let show: @Sendable (Masquerade) -> JSONValue = { masquerade in
            switch masquerade {
            case .off: .boolean(false)
            case .on: .boolean(true)
            case .outputs(let names): links.show(names)
            }
        }
        return FieldType(schema: schema, allowed: allowed, show: show) { node, context in
            if case .scalar(let scalar) = node.content {
                switch scalar.value {
                case .boolean(let value): return value ? .on : .off
                case .string: break
                default:
                    context.wrongType(node, allowed: allowed)
                    return nil
                }
            }
            return links.decode(node, &context).map { .outputs($0) }
        }
    }
}

extension FieldType where Value == InputPolicy {
    /// `allow`, `dns_only` or a list of services.
    static var input: FieldType {
        let services = FieldType<[Service]>.list("service", of: .service, "services")
        let allowed = "allow, dns_only or a list of services such as tcp/22"
        let words = JSONValue.object([("enum", .array([.string("allow"), .string("dns_only")]))])
        let schema = JSONValue.object([("anyOf", .array([words, services.schema]))])
        let show: @Sendable (InputPolicy) -> JSONValue = { input in
            switch input {
            case .allow: .string("allow")
            case .dnsOnly: .string("dns_only")
            case .services(let list): services.show(list)
            }
        }
        return FieldType(schema: schema, allowed: allowed, show: show) { node, context in
            if case .scalar(let scalar) = node.content {
                if scalar.value == .string, scalar.text == "allow" { return .allow }
                if scalar.value == .string, scalar.text == "dns_only" { return .dnsOnly }
                if !scalar.text.utf8.contains(UInt8(ascii: "/")), scalar.text != "icmp" {
                    context.invalid(
                        node, allowed: allowed,
                        suggestion: Spelling.closest(to: scalar.text, in: ["allow", "dns_only"])
                            .map { "did you mean \"\($0)\"?" })
                    return nil
                }
            }
            return services.decode(node, &context).map { .services($0) }
        }
    }
}

extension FieldType where Value == Service {
    static var service: FieldType {
        FieldType(string: "service", allowed: "a service such as tcp/22, udp/8000-8100 or icmp") { Service($0) }
    }
}
