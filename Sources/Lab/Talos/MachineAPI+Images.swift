import GRPCCore
import Model
import Simulation
import SwiftProtobuf
import TalosAPI

extension MachineAPI {
    /// Answers when the image is there.
    func imagePull(
        request: Machine_ImagePullRequest, context: ServerContext
    ) async throws -> Machine_ImagePullResponse {
        world.learnSchematics()
        let there = try world.change { cluster, call in
            try cluster.pullImage(request.reference, on: call.node, by: call.caller.name)
        }
        try await world.wait(until: there)
        return .with { $0.messages = [.init()] }
    }

    func imageList(
        request: Machine_ImageListRequest, response: RPCWriter<Machine_ImageListResponse>,
        context: ServerContext
    ) async throws {
        let call = try Call.here()
        for image in world.engine.with({ $0.images(on: call.node) }) {
            let date = world.engine.date(at: image.availableAt)
            try await response.write(
                .with {
                    $0.name = image.reference
                    $0.digest = image.digest
                    $0.size = image.size
                    $0.createdAt = Google_Protobuf_Timestamp(date: date)
                })
        }
    }
}

/// `machine.ImageService`, since Talos 1.13.
struct ImageAPI: Machine_ImageService.SimpleServiceProtocol {
    let world: TalosWorld

    func list(
        request: Machine_ImageServiceListRequest,
        response: RPCWriter<Machine_ImageServiceListResponse>, context: ServerContext
    ) async throws {
        let call = try Call.here()
        for image in world.engine.with({ $0.images(on: call.node) }) {
            let date = world.engine.date(at: image.availableAt)
            try await response.write(
                .with {
                    $0.name = image.reference
                    $0.digest = image.digest
                    $0.size = image.size
                    $0.createdAt = Google_Protobuf_Timestamp(date: date)
                })
        }
    }

    /// Progress of one layer, and at the end the pinned name.
    func pull(
        request: Machine_ImageServicePullRequest,
        response: RPCWriter<Machine_ImageServicePullResponse>, context: ServerContext
    ) async throws {
        guard !request.imageRef.isEmpty else {
            throw RPCError(code: .invalidArgument, message: "image reference is required")
        }
        world.learnSchematics()
        let (image, there) = try world.change { cluster, call in
            let there = try cluster.pullImage(
                request.imageRef, on: call.node, by: call.caller.name)
            let image = cluster.images(on: call.node).first { $0.reference == request.imageRef }
            return (image, there)
        }
        let size = image?.size ?? 0
        try await response.write(Self.progress(.downloading, 0, size))
        try await world.wait(until: there)
        try await response.write(Self.progress(.extractComplete, size, size))
        let pinned = image.map { Self.pinned($0) } ?? request.imageRef
        try await response.write(.with { $0.name = pinned })
    }

    func remove(
        request: Machine_ImageServiceRemoveRequest, context: ServerContext
    ) async throws -> Google_Protobuf_Empty {
        throw RPCError(code: .unimplemented, message: "Remove is not part of the lab")
    }

    private static func progress(
        _ status: Machine_ImageServicePullLayerProgress.Status, _ offset: Int64, _ total: Int64
    ) -> Machine_ImageServicePullResponse {
        .with {
            $0.pullProgress.layerID = "sha256:4f4fb700ef54"
            $0.pullProgress.progress.status = status
            $0.pullProgress.progress.offset = offset
            $0.pullProgress.progress.total = total
        }
    }

    /// `name:tag@digest` behaves as `name@digest`; both forms stay usable after a pull, so the
    /// lab keeps the tag in front.
    private static func pinned(_ image: PulledImage) -> String {
        image.reference.contains("@") ? image.reference : "\(image.reference)@\(image.digest)"
    }
}
