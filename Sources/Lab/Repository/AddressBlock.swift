import Foundation
import Model

/// The loopback addresses of one lab: a /24, and for many nodes the ones behind it.
package struct AddressBlock: Sendable, Codable, Equatable {
    /// Second and third part of `127.x.y.0`.
    package var x: Int
    package var y: Int
    /// How many /24s it takes.
    package var length: Int

    package init(x: Int, y: Int, length: Int) {
        self.x = x
        self.y = y
        self.length = length
    }

    /// Where the Kubernetes API answers when there are several control planes.
    package var virtualAddress: String { address(0, 2) }

    /// Where the lab's Image Factory and release feeds answer, on port 8080.
    package var webAddress: String { address(0, 1) }

    /// `number` counts from 0.
    package func controlPlane(_ number: Int) -> String { address(0, 11 + number) }

    /// `number` counts from 0.
    package func worker(_ number: Int) -> String {
        if number < Self.workersInFirst { return address(0, 101 + number) }
        let rest = number - Self.workersInFirst
        return address(1 + rest / Self.workersInRest, 1 + rest % Self.workersInRest)
    }

    /// How many /24s are needed.
    package static func length(workers: Int) -> Int {
        let rest = max(0, workers - workersInFirst)
        return 1 + (rest + workersInRest - 1) / workersInRest
    }

    /// Claims a block that no other lab of this user has and on which nothing listens.
    ///
    /// A claim is a file that names the lab; a claim of a lab that is gone counts for nothing.
    package static func claim(for root: String, workers: Int) throws -> AddressBlock {
        let length = length(workers: workers)
        let registry = try makeRegistry()
        for x in 66...126 {
            var y = 0
            while y + length <= 250 {
                let block = AddressBlock(x: x, y: y, length: length)
                y += length
                if try block.take(in: registry, for: root) { return block }
            }
        }
        throw Problem(
            .refused, "No loopback network is free for another lab.",
            fix: "Stop and delete labs that are not needed: `bump lab stop DIR`.")
    }

    /// Gives the block back.
    package func release() {
        guard let registry = try? Self.makeRegistry() else { return }
        for offset in 0..<length {
            try? FileManager.default.removeItem(atPath: "\(registry)/127.\(x).\(y + offset)")
        }
    }

    private func take(in registry: String, for root: String) throws -> Bool {
        var taken: [String] = []
        for offset in 0..<length {
            let path = "\(registry)/127.\(x).\(y + offset)"
            guard Self.create(path, naming: root) else {
                for path in taken { try? FileManager.default.removeItem(atPath: path) }
                return false
            }
            taken.append(path)
        }
        if Probe.isFree(address(0, 1)), Probe.isFree(controlPlane(0)) { return true }
        for path in taken { try? FileManager.default.removeItem(atPath: path) }
        return false
    }

    private static func create(_ path: String, naming root: String) -> Bool {
        let manager = FileManager.default
        if let bytes = manager.contents(atPath: path) {
            let owner = String(decoding: bytes, as: UTF8.self)
            let isAlive = owner != root && manager.fileExists(atPath: LabPaths(owner).record)
            // A claim without its lab may be one that is being made right now.
            let date = (try? manager.attributesOfItem(atPath: path))?[.modificationDate] as? Date
            let age = date.map { Date().timeIntervalSince($0) } ?? 0
            // Another process may have made the file and not written it yet.
            let isBeingMade = age < 10 || age < 300 && manager.fileExists(atPath: owner)
            if isAlive || owner != root && isBeingMade { return false }
            try? manager.removeItem(atPath: path)
        }
        return
            (try? Data(root.utf8).write(
                to: URL(fileURLWithPath: path), options: .withoutOverwriting)) != nil
    }

    /// Where the claims are: the same for all of a user's processes, whatever `TMPDIR` says, since
    /// they share the loopback addresses.
    private static func makeRegistry() throws -> String {
        let path = "/tmp/bump-lab-\(getuid())"
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw Problem(.refused, "The list of labs cannot be written.", at: path)
        }
        return path
    }

    private func address(_ offset: Int, _ host: Int) -> String {
        "127.\(x).\(y + offset).\(host)"
    }

    private static let workersInFirst = 140
    private static let workersInRest = 250
}
