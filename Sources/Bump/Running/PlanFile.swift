import Foundation
import Model

/// A plan saved for later.
struct PlanFile {
    let path: String
    private let url: URL

    init(path: String, in world: World) {
        self.path = path
        url = world.url(path)
    }

    func write(_ plan: Plan) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            try encoder.encode(plan).write(to: url, options: .atomic)
        } catch {
            throw Problem(
                .refused, "The plan cannot be written.", at: path,
                causes: [error.localizedDescription])
        }
    }

    func read() throws -> Plan {
        guard let bytes = try? Data(contentsOf: url) else {
            throw Problem(
                .usage, "The plan file cannot be read.", at: path,
                fix: "bump talos VERSION --plan --out \(path)")
        }
        do {
            let version = try JSONDecoder().decode(Format.self, from: bytes).version
            guard version == Plan.currentVersion else {
                throw Problem(
                    .refused,
                    "This plan was written by another version of bump (format "
                        + "\(version), this one reads \(Plan.currentVersion)).", at: path,
                    fix: "make the plan anew")
            }
            return try JSONDecoder().decode(Plan.self, from: bytes)
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(
                .refused, "This is not a plan, or it is damaged.", at: path,
                fix: "make the plan anew")
        }
    }

    private struct Format: Decodable { var version: Int }
}
