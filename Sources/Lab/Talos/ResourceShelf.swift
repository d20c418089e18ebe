import Foundation
import Model
import SwiftProtobuf
import Synchronization
import TalosAPI

/// Gives resources their metadata: a version that rises with each change of the content.
final class ResourceShelf: Sendable {
    private let stamps = Mutex<[Key: Stamp]>([:])

    private struct Key: Hashable {
        var node: NodeName
        var type: String
        var id: String
    }

    private struct Stamp {
        var yaml: String
        var version: Int
        var created: Date
        var updated: Date
    }

    /// The item as it travels.
    func resource(_ item: COSIItem, of type: COSIType, on node: NodeName) -> Cosi_Resource_Resource
    {
        let stamp = stamp(item, type, node)
        var resource = Cosi_Resource_Resource()
        resource.metadata = metadata(item.id, type)
        resource.metadata.version = String(item.version ?? stamp.version)
        resource.metadata.created = Google_Protobuf_Timestamp(date: stamp.created)
        resource.metadata.updated = Google_Protobuf_Timestamp(date: stamp.updated)
        resource.metadata.annotations = item.annotations
        resource.spec.yamlSpec = item.yaml
        resource.spec.protoSpec = item.proto
        return resource
    }

    /// `metadata.version` of the item as it is now.
    func version(_ item: COSIItem, of type: COSIType, on node: NodeName) -> Int {
        item.version ?? stamp(item, type, node).version
    }

    /// What a watch says of an item that does not exist: metadata without a spec.
    func tombstone(_ id: String, of type: COSIType) -> Cosi_Resource_Resource {
        var resource = Cosi_Resource_Resource()
        resource.metadata = metadata(id, type)
        resource.metadata.version = "undefined"
        return resource
    }

    private func metadata(_ id: String, _ type: COSIType) -> Cosi_Resource_Metadata {
        .with {
            $0.namespace = type.namespace
            $0.type = type.name
            $0.id = id
            $0.owner = type.owner
            $0.phase = "running"
        }
    }

    private func stamp(_ item: COSIItem, _ type: COSIType, _ node: NodeName) -> Stamp {
        let key = Key(node: node, type: type.name, id: item.id)
        return stamps.withLock { stamps in
            let now = Date()
            guard var stamp = stamps[key] else {
                let new = Stamp(yaml: item.yaml, version: 1, created: now, updated: now)
                stamps[key] = new
                return new
            }
            if stamp.yaml != item.yaml {
                stamp.yaml = item.yaml
                stamp.version += 1
                stamp.updated = now
                stamps[key] = stamp
            }
            return stamp
        }
    }
}
