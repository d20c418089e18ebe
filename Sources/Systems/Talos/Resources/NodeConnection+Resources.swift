import Foundation
import GRPCCore
import SwiftProtobuf
import TalosAPI

extension NodeConnection {
    /// The YAML of one resource. Nil when there is no such item, or when this version of Talos
    /// does not know the type (both are ordinary answers).
    func yaml(of name: ResourceName) async throws -> String? {
        try await resource(name)?.spec.yamlSpec
    }

    /// The YAML of every resource of a type, with ids. Empty when the type is not known.
    func yamls(of name: ResourceName) async throws -> [(id: String, yaml: String)] {
        var request = Cosi_Resource_ListRequest()
        request.namespace = name.namespace
        request.type = name.type
        return try await absentIsNil {
            try await call("List of \(name.type)") { metadata, options in
                try await resources.list(request, metadata: metadata, options: options) {
                    var items: [(id: String, yaml: String)] = []
                    for try await message in $0.messages where items.count < 10_000 {
                        let resource = message.resource
                        items.append((resource.metadata.id, resource.spec.yamlSpec))
                    }
                    return items
                }
            }
        } ?? []
    }

    /// The machine configuration as stored, all its documents. It holds every secret of the
    /// cluster. Taken from the protobuf form, a message whose field 1 is the text: the YAML form
    /// changed in 1.12 and is damaged before that when there are several documents.
    func machineConfiguration() async throws -> [UInt8]? {
        guard let spec = try await resource(.machineConfig)?.spec.protoSpec else { return nil }
        let wrapped = try Google_Protobuf_BytesValue(serializedBytes: spec)
        return Array(wrapped.value)
    }

    /// The YAML of one resource and the version of its metadata, nil as for `yaml(of:)`.
    func versioned(_ name: ResourceName) async throws -> (yaml: String, version: String)? {
        try await resource(name).map { ($0.spec.yamlSpec, $0.metadata.version) }
    }

    private func resource(_ name: ResourceName) async throws -> Cosi_Resource_Resource? {
        var request = Cosi_Resource_GetRequest()
        request.namespace = name.namespace
        request.type = name.type
        request.id = name.id
        return try await absentIsNil {
            try await call("Get of \(name.type)") {
                try await resources.get(request, metadata: $0, options: $1)
            }.resource
        }
    }

    /// An unknown type comes as PERMISSION_DENIED with a text of its own.
    private func absentIsNil<Value>(_ body: () async throws -> Value) async throws -> Value? {
        do {
            return try await body()
        } catch let failure as CallFailure
            where failure.code == .notFound || failure.message.contains("is not supported")
        {
            return nil
        }
    }
}
