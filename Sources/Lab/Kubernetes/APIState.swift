import Foundation
import Model
import Simulation

/// Everything the API server keeps besides the emulated cluster itself.
///
/// Objects of live kinds (Node, Pod, workloads, budgets, backups) are in the store as well: `sync`
/// brings them up to date with the cluster before and after each request, so that reading and
/// watching need not know where an object comes from.
struct APIState: Sendable, Codable {
    var store = ObjectStore()
    var generator: SeededGenerator
    /// Whether the objects of a fresh cluster were made.
    var isSeeded = false
    /// Addresses given to services so far.
    var serviceCount = 0
    /// Events made so far, for their names.
    var eventCount: Int64 = 0
    /// Begins anew after a stop of the lab.
    var eventIndex = EventIndex()

    /// The restore that is being worked on.
    var restore: RestoreRun?

    /// What is outside the cluster; nil in tests that need none of it.
    var surroundings: Surroundings?
    /// When Velero first saw a location that it never synced.
    var firstLook: [String: Duration] = [:]
    /// When Flux was at its objects.
    var flux: [ObjectKey: FluxVisit] = [:]
    /// What was last rendered.
    var mirror = LiveMirror()
    /// Which real time belongs to which virtual one.
    var timeline = Timeline()
    /// The moment of the request.
    var now = Timestamp(seconds: 0)

    init(seed: UInt64) { generator = SeededGenerator(seed: seed ^ 0xA11_5E11) }

    private enum CodingKeys: String, CodingKey {
        case store, generator, isSeeded, serviceCount, eventCount
    }

    var catalog: ResourceCatalog {
        ResourceCatalog(
            definitions: store.list("customresourcedefinitions.apiextensions.k8s.io"))
    }

    func date(_ time: Duration) -> Timestamp {
        Timestamp(interval: timeline.date(at: time).timeIntervalSince1970)
    }
}

/// A request whose path leads to a kind.
struct APICall {
    var request: APIRequest
    var kind: ResourceKind
    var namespace: String?
    var name: String?
    var subresource: String?

    var view: ObjectView { ObjectView(kind: kind, accept: request.accept, now: now) }
    var now: Timestamp

    /// Whether unknown fields are errors.
    var isStrict: Bool { request.query["fieldValidation"] == "Strict" }

    func key(_ name: String) -> ObjectKey {
        ObjectKey(
            resource: kind.qualifiedName, namespace: kind.isNamespaced ? namespace ?? "" : "",
            name: name)
    }

    func writer() -> ServerSideApply {
        ServerSideApply(
            kind: kind, manager: request.manager,
            subresource: subresource == "status" || subresource == "scale"
                ? subresource ?? "" : "", time: now.text)
    }
}
